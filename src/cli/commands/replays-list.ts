import type { Command } from '../command.ts';
import { textFlag } from '../command.ts';
import { systemClock } from '../../kernel/clock.ts';
import { EXIT } from '../exit-codes.ts';
import { getConnection } from '../known-names.ts';
import { limitFlag, readLimit } from '../limit-flag.ts';
import { filterText, percentOf, stateOf } from '../replay-output.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const replaysList: Command = {
  name: 'replays list',
  summary: 'List replays, the newest first',
  flags: [
    { flag: '--connection <name>', description: 'only those to this connection' },
    limitFlag(20),
    ...WORKSPACE_FLAGS,
  ],
  examples: ['linchpin replays list', 'linchpin replays list --connection hubspot --json'],
  run: async (invocation) => {
    const { listReplays } = await import('../../delivery/index.ts');
    const limit = readLimit(invocation);
    const connection = textFlag(invocation, 'connection');
    const replays = await withDeclared(invocation, async ({ pool, workspace }) => {
      const found = await listReplays(pool, systemClock, workspace.id, {
        limit,
        ...(connection === undefined ? {} : { connection }),
      });
      // Replays outlive their connection.
      if (found.length === 0 && connection !== undefined) getConnection(workspace, connection);
      return found;
    });
    const { output } = invocation;
    output.json({ replays });
    if (replays.length === 0) {
      output.line('There are no replays.');
      return EXIT.ok;
    }
    output.table(
      ['id', 'connection', 'status', 'done', 'delivered', 'skipped', 'failed', 'filter', 'started'],
      replays.map((replay) => [
        String(replay.id),
        replay.connection,
        stateOf(replay),
        percentOf(replay),
        String(replay.deliveredCount),
        String(replay.skippedCount),
        String(replay.failedCount),
        filterText(replay),
        replay.createdAt,
      ]),
    );
    return EXIT.ok;
  },
};
