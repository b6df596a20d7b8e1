import type { Command } from '../command.ts';
import { assertChosen, DEAD_LETTER_FLAGS, readDeadLetterFilter } from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deadLettersRetry: Command = {
  name: 'dead-letters retry',
  summary: 'Give dead letters another full set of attempts',
  args: [['[id...]', 'numbers of dead letters']],
  flags: [
    { flag: '--all', description: 'every open dead letter, up to the limit' },
    ...DEAD_LETTER_FLAGS,
    ...WORKSPACE_FLAGS,
  ],
  examples: ['linchpin dead-letters retry 17 18', 'linchpin dead-letters retry --connection hubspot'],
  run: async (invocation) => {
    assertChosen(invocation);
    const { retryDeadLetters } = await import('../../delivery/index.ts');
    const filter = readDeadLetterFilter(invocation);
    const letters = await withWorkspace(invocation, ({ pool, workspace }) =>
      retryDeadLetters(pool, workspace.id, filter),
    );
    invocation.output.json({ retried: letters.map(({ id }) => id) });
    invocation.output.line(`${String(letters.length)} dead letters are queued again.`);
    return EXIT.ok;
  },
};
