import type { Command } from '../command.ts';
import { assertChosen, DEAD_LETTER_FLAGS, readDeadLetterFilter } from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deadLettersDiscard: Command = {
  name: 'dead-letters discard',
  summary: 'Close dead letters for good',
  args: [['[id...]', 'numbers of dead letters']],
  flags: [
    { flag: '--all', description: 'every open dead letter, up to the limit' },
    ...DEAD_LETTER_FLAGS,
    ...WORKSPACE_FLAGS,
  ],
  examples: ['linchpin dead-letters discard 17', 'linchpin dead-letters discard --flow hubspot-identify'],
  run: async (invocation) => {
    assertChosen(invocation);
    const { closeDeadLetters } = await import('../../store/queries/dead-letters.ts');
    const filter = readDeadLetterFilter(invocation);
    const letters = await withWorkspace(invocation, ({ pool, workspace }) =>
      closeDeadLetters(pool, workspace.id, filter, 'discarded'),
    );
    invocation.output.json({ discarded: letters.map(({ id }) => id) });
    invocation.output.line(`${String(letters.length)} dead letters are discarded.`);
    return EXIT.ok;
  },
};
