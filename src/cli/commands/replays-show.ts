import type { Command } from '../command.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EXIT } from '../exit-codes.ts';
import { printReplay, readReplayId } from '../replay-output.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const replaysShow: Command = {
  name: 'replays show',
  summary: 'Show how far a replay is, its rate, and what became of its inputs',
  args: [['<id>', 'the number of a replay']],
  flags: [...WORKSPACE_FLAGS],
  examples: ['linchpin replays show 3', 'linchpin replays show 3 --json'],
  run: async (invocation) => {
    const { getReplay } = await import('../../delivery/index.ts');
    const id = readReplayId(invocation.args[0]);
    const replay = await withDeclared(invocation, ({ pool, workspace }) =>
      getReplay(pool, systemClock, workspace.id, id),
    );
    invocation.output.json(replay);
    printReplay(invocation.output, replay);
    return EXIT.ok;
  },
};
