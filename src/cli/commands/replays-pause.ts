import type { Command } from '../command.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EXIT } from '../exit-codes.ts';
import { printReplay, readReplayId } from '../replay-output.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const replaysPause: Command = {
  name: 'replays pause',
  summary: 'Let a replay rest: what is in flight still arrives',
  args: [['<id>', 'the number of a replay']],
  flags: [...WORKSPACE_FLAGS],
  examples: ['linchpin replays pause 3'],
  run: async (invocation) => {
    const { pauseReplay } = await import('../../delivery/index.ts');
    const id = readReplayId(invocation.args[0]);
    const replay = await withDeclared(invocation, ({ pool, workspace }) =>
      pauseReplay(pool, systemClock, workspace.id, id),
    );
    invocation.output.json(replay);
    printReplay(invocation.output, replay);
    return EXIT.ok;
  },
};
