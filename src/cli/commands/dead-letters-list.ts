import { LinchpinError } from '../../kernel/errors.ts';
import type { DeadLetter, DeadLetterStatus } from '../../store/queries/dead-letters.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import {
  assertKnown,
  DEAD_LETTER_FLAGS,
  printCounts,
  readDeadLetterFilter,
  readDeadLetterId,
} from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import { limitFlag, readLimit } from '../limit-flag.ts';
import type { Output } from '../output.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

const STATUSES: readonly DeadLetterStatus[] = ['open', 'retried', 'discarded'];

export const deadLettersList: Command = {
  name: 'dead-letters list',
  summary: 'List inputs that a vendor refused, or whose attempts are spent',
  flags: [
    { flag: '--flow <name>', description: 'only those of this flow' },
    ...DEAD_LETTER_FLAGS,
    { flag: '--status <status>', description: 'open, retried or discarded', fallback: 'open' },
    { flag: '--summary', description: 'count them by code, connection, flow and action instead' },
    { flag: '--after <id>', description: 'go on after this one' },
    limitFlag(100),
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin dead-letters list',
    'linchpin dead-letters list --summary',
    'linchpin dead-letters list --connection hubspot --code hubspot.INVALID_EMAIL --json',
  ],
  run: async (invocation) => {
    const { countDeadLetters, listDeadLetters } = await import('../../store/queries/dead-letters.ts');
    const { output } = invocation;
    const filter = { ...readDeadLetterFilter(invocation), status: readStatus(invocation) };
    const after = textFlag(invocation, 'after');
    const page = { after: after === undefined ? 0 : readDeadLetterId(after), limit: readLimit(invocation) };
    await withDeclared(invocation, async ({ pool, workspace }) => {
      assertKnown(workspace, filter);
      if (invocation.flags['summary'] === true) {
        const counts = await countDeadLetters(pool, workspace.id, filter);
        output.json({ counts });
        if (counts.length === 0) output.line(`There are no ${filter.status} dead letters.`);
        else printCounts(output, counts);
        return;
      }
      const letters = await listDeadLetters(pool, workspace.id, filter, page);
      const nextAfter = letters.length === page.limit ? letters.at(-1)?.id : undefined;
      output.json({ deadLetters: letters, nextAfter });
      if (letters.length === 0) output.line(`There are no ${filter.status} dead letters.`);
      else printLetters(output, letters);
      if (nextAfter !== undefined) output.line(`There may be more: --after ${String(nextAfter)}.`);
    });
    return EXIT.ok;
  },
};

function printLetters(output: Output, letters: readonly DeadLetter[]): void {
  output.table(
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

function readStatus(invocation: Invocation): DeadLetterStatus {
  const text = textFlag(invocation, 'status');
  const found = STATUSES.find((status) => status === text);
  if (found !== undefined) return found;
  throw new LinchpinError('cli.usage', {
    message: `There is no status ${text ?? ''}.`,
    field: '--status',
    remedy: `Use one of: ${STATUSES.join(', ')}.`,
  });
}
