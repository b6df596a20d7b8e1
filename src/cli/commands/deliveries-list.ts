import type { Command } from '../command.ts';
import { textFlag } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import { getConnection } from '../known-names.ts';
import { limitFlag, readLimit } from '../limit-flag.ts';
import { WORKSPACE_FLAGS, withDeclared } from '../with-workspace.ts';

const OUTCOMES = ['delivered', 'skipped', 'retry', 'rejected'] as const;
type OutcomeFilter = (typeof OUTCOMES)[number];

export const deliveriesList: Command = {
  name: 'deliveries list',
  summary: 'List the newest attempts, a line each',
  flags: [
    { flag: '--connection <name>', description: 'only this connection' },
    {
      flag: '--outcome <outcome>',
      description: `only attempts with such an outcome: ${OUTCOMES.join(', ')}`,
    },
    { flag: '--before <id>', description: 'go on before this attempt, as the page before says' },
    limitFlag(20),
    ...WORKSPACE_FLAGS,
  ],
  examples: [
    'linchpin deliveries list',
    'linchpin deliveries list --connection hubspot --outcome rejected --json',
  ],
  run: async (invocation) => {
    const { listDeliveries } = await import('../../delivery/index.ts');
    const connection = textFlag(invocation, 'connection');
    const outcome = readOutcome(textFlag(invocation, 'outcome'));
    const limit = readLimit(invocation);
    const before = textFlag(invocation, 'before');
    const { attempts, nextBefore } = await withDeclared(invocation, async ({ pool, workspace }) => {
      const found = await listDeliveries(pool, workspace.id, {
        limit,
        ...(connection === undefined ? {} : { connection }),
        ...(outcome === undefined ? {} : { outcome }),
        ...(before === undefined ? {} : { before: readId(before) }),
      });
      // Attempts outlive their connection, so a name is unknown only when it has none either.
      if (found.attempts.length === 0 && connection !== undefined) getConnection(workspace, connection);
      return found;
    });
    invocation.output.json({ attempts, nextBefore });
    if (attempts.length === 0) invocation.output.line('No such attempt was found.');
    else {
      invocation.output.table(
        ['when', 'connection', 'flow', 'delivered', 'skipped', 'retry', 'rejected', 'ms', 'first event'],
        attempts.map((attempt) => [
          new Date(attempt.startedAt).toISOString(),
          attempt.connection,
          attempt.flow,
          String(attempt.deliveredCount),
          String(attempt.skippedCount),
          String(attempt.retryCount),
          String(attempt.rejectedCount),
          String(attempt.durationMs),
          attempt.items[0]?.eventId ?? '',
        ]),
      );
    }
    if (nextBefore !== undefined)
      invocation.output.line(`There may be more: --before ${String(nextBefore)}.`);
    return EXIT.ok;
  },
};

function readId(text: string): number {
  const id = Number(text);
  if (Number.isSafeInteger(id) && id > 0) return id;
  throw new LinchpinError('cli.usage', {
    message: `${text} is not the number of an attempt.`,
    field: '--before',
  });
}

function readOutcome(text: string | undefined): OutcomeFilter | undefined {
  if (text === undefined) return undefined;
  const found = OUTCOMES.find((outcome) => outcome === text);
  if (found !== undefined) return found;
  throw new LinchpinError('cli.usage', {
    message: `There is no outcome ${text}.`,
    field: '--outcome',
    remedy: `Use one of: ${OUTCOMES.join(', ')}.`,
  });
}
