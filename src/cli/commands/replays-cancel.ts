import type { Command } from '../command.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EXIT } from '../exit-codes.ts';
import { printReplay, readReplayId } from '../replay-output.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const replaysCancel: Command = {
  name: 'replays cancel',
  summary: 'End a replay for good: what is in flight still arrives',
  args: [['<id>', 'the number of a replay']],
  flags: [...WORKSPACE_FLAGS],
  examples: ['linchpin replays cancel 3'],
  run: async (invocation) => {
    const { cancelReplay } = await import('../../delivery/index.ts');
    const id = readReplayId(invocation.args[0]);
    const replay = await withDeclared(invocation, ({ pool, workspace }) =>
      cancelReplay(pool, systemClock, workspace.id, id),
    );
    invocation.output.json(replay);
    printReplay(invocation.output, replay);
    return EXIT.ok;
  },
};
