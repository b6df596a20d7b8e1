import type { RetryReport } from '../../delivery/index.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Command, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import {
  assertKnown,
  CHANGE_FLAGS,
  isDryRun,
  printCounts,
  readChosen,
  readDeadLetterId,
} from '../dead-letter-filter.ts';
import { EXIT } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { readJson } from '../read-json.ts';
import { WORKSPACE_FLAGS, withWorkspace } from '../with-workspace.ts';

export const deadLettersRetry: Command = {
  name: 'dead-letters retry',
  summary: 'Give dead letters another full set of attempts',
  args: [['[id...]', 'numbers of dead letters']],
  flags: [
    {
      flag: '--flow <name>',
      description: 'those of this flow: their events are mapped anew with the flow as it is now',
    },
    { flag: '--input <file>', description: 'send this JSON instead, - for standard input; one letter only' },
    ...CHANGE_FLAGS,
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin dead-letters retry 17 18',
    'linchpin dead-letters retry --connection hubspot --code hubspot.INVALID_OPTION --yes',
    'linchpin dead-letters retry --flow hubspot-identify',
    'linchpin dead-letters retry 17 --input mended.json',
  ],
  run: async (invocation) => {
    const file = textFlag(invocation, 'input');
    if (file !== undefined) return retryWithInput(invocation, file);
    const filter = readChosen(invocation);
    const isDry = isDryRun(invocation);
    const { assertOpen, retryDeadLetters } = await import('../../delivery/index.ts');
    const { countDeadLetters } = await import('../../store/queries/dead-letters.ts');
    const { output } = invocation;
    await withWorkspace(invocation, async ({ pool, workspace }) => {
      assertKnown(workspace, filter);
      await assertOpen(pool, workspace.id, filter.ids ?? []);
      const mode = filter.flow === undefined ? 'as-is' : 'remap';
      const counts = isDry ? await countDeadLetters(pool, workspace.id, { ...filter, status: 'open' }) : [];
      const report = await retryDeadLetters(pool, workspace, { filter, mode, isDryRun: isDry });
      output.json({ isDryRun: isDry, ...report, ...(isDry ? { counts } : {}) });
      if (counts.length > 0) printCounts(output, counts);
      print(invocation, report, isDry);
    });
    return EXIT.ok;
  },
};

function print(
  { output }: Invocation,
  { matchedCount, retriedCount, left }: RetryReport,
  isDry: boolean,
): void {
  output.line(
    isDry
      ? `${String(matchedCount)} dead letters match; ${String(retriedCount)} would be sent again.`
      : `${String(retriedCount)} of ${String(matchedCount)} dead letters are queued again.`,
  );
  for (const { reason, count, firstIds } of left) {
    const more = count > firstIds.length ? ', …' : '';
    output.line(
      `  ${String(count)} ${isDry ? 'would stay' : 'stay'} open (${firstIds.join(', ')}${more}): ${reason}`,
    );
  }
  if (isDry && retriedCount > 0) output.line('Nothing was changed yet; add --yes to send them.');
}

async function retryWithInput(invocation: Invocation, file: string): Promise<ExitCode> {
  const [text, ...others] = invocation.args;
  if (text === undefined || others.length > 0) {
    throw new LinchpinError('cli.usage', {
      message: '--input belongs to one dead letter.',
      field: '--input',
      remedy: 'Name the number of one letter before it.',
    });
  }
  const id = readDeadLetterId(text);
  const input = await readJson(file, '--input');
  const { retryEdited } = await import('../../delivery/index.ts');
  const { orderKey } = await withWorkspace(invocation, ({ pool, workspace }) =>
    retryEdited(pool, workspace, id, input),
  );
  invocation.output.json({ id, orderKey });
  invocation.output.line(
    `Dead letter ${String(id)} is queued again with this input, under the key "${orderKey}".`,
  );
  return EXIT.ok;
}
