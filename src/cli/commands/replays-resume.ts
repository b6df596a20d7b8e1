import type { Command } from '../command.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EXIT } from '../exit-codes.ts';
import { printReplay, readReplayId } from '../replay-output.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const replaysResume: Command = {
  name: 'replays resume',
  summary: 'Let a paused replay go on where it is',
  args: [['<id>', 'the number of a replay']],
  flags: [...WORKSPACE_FLAGS],
  examples: ['linchpin replays resume 3'],
  run: async (invocation) => {
    const { resumeReplay } = await import('../../delivery/index.ts');
    const id = readReplayId(invocation.args[0]);
    const replay = await withDeclared(invocation, ({ pool, workspace }) =>
      resumeReplay(pool, systemClock, workspace.id, id),
    );
    invocation.output.json(replay);
    printReplay(invocation.output, replay);
    return EXIT.ok;
  },
};
