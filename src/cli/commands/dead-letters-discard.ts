import type { Command } from '../command.ts';
import { textFlag } from '../command.ts';
import { assertKnown, CHANGE_FLAGS, isDryRun, printCounts, readChosen } from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

export const deadLettersDiscard: Command = {
  name: 'dead-letters discard',
  summary: 'Close dead letters for good',
  args: [['[id...]', 'numbers of dead letters']],
  flags: [
    { flag: '--reason <text>', description: 'why, for the record' },
    { flag: '--flow <name>', description: 'only those of this flow' },
    ...CHANGE_FLAGS,
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin dead-letters discard 17 --reason "asked to be forgotten"',
    'linchpin dead-letters discard --flow hubspot-identify --yes',
  ],
  run: async (invocation) => {
    const filter = readChosen(invocation);
    const reason = textFlag(invocation, 'reason') ?? null;
    const { assertOpen, discardDeadLetters } = await import('../../delivery/index.ts');
    const { countDeadLetters } = await import('../../store/queries/dead-letters.ts');
    const { output } = invocation;
    await withDeclared(invocation, async ({ pool, workspace }) => {
      assertKnown(workspace, filter);
      await assertOpen(pool, workspace.id, filter.ids ?? []);
      if (isDryRun(invocation)) {
        const counts = await countDeadLetters(pool, workspace.id, { ...filter, status: 'open' });
        const matchedCount = counts.reduce((total, { count }) => total + count, 0);
        output.json({ isDryRun: true, matchedCount, counts });
        if (counts.length > 0) printCounts(output, counts);
        output.line(
          `${String(matchedCount)} dead letters match. Nothing was changed; add --yes to discard them.`,
        );
        return;
      }
      const discardedCount = await discardDeadLetters(pool, workspace.id, filter, reason);
      output.json({ isDryRun: false, discardedCount });
      output.line(`${String(discardedCount)} dead letters are discarded.`);
    });
    return EXIT.ok;
  },
};
