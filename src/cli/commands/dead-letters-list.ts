import type { Command } from '../command.ts';
import { DEAD_LETTER_FLAGS, readDeadLetterFilter } from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'List inputs that a vendor refused, or whose attempts are spent',
  flags: [...DEAD_LETTER_FLAGS, ...WORKSPACE_FLAGS],
  examples: ['linchpin dead-letters list', 'linchpin dead-letters list --connection hubspot --json'],
  run: async (invocation) => {
    const { listDeadLetters } = await import('../../store/queries/dead-letters.ts');
    const filter = readDeadLetterFilter(invocation);
    const letters = await withWorkspace(invocation, ({ pool, workspace }) =>
      listDeadLetters(pool, workspace.id, filter),
    );
    invocation.output.json({ deadLetters: letters });
    if (letters.length === 0) invocation.output.line('There are no open dead letters.');
    else {
      invocation.output.table(
        ['id', 'died', 'connection', 'flow', 'event', 'attempts', 'why'],
        letters.map((letter) => [
          String(letter.id),
          letter.diedAt.toISOString(),
          letter.connection,
          letter.flow,
          letter.eventId,
          String(letter.attemptCount),
          `${letter.fault.message} (${letter.fault.code})`,
        ]),
      );
    }
    return EXIT.ok;
  },
};
