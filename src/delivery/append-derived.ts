/**
 * Appends the events that outcomes derived, before the outcomes are settled: so the cursor never passes an
 * event whose derived ones are not in the log. A repetition is dropped by the log, since ids are stable.
 */
import type { BatchRun } from './run-batch.ts';
import type { ReaderParts } from './reader-parts.ts';

/** The run as it stands then: when the append fails, its inputs are tried again as a whole. */
export async function appendDerived(
  run: BatchRun,
  { log, clock, connection, logger }: Pick<ReaderParts, 'log' | 'clock' | 'connection' | 'logger'>,
): Promise<BatchRun> {
  const derived = run.outcomes.flatMap((outcome) =>
    outcome.kind === 'delivered' ? (outcome.emit ?? []) : [],
  );
  if (derived.length === 0) return run;
  const receivedAt = new Date(clock.now()).toISOString();
  try {
    await log.append(
      derived.map(({ payload, ...event }) => ({
        ...event,
        source: connection.name,
        receivedAt,
        body: JSON.stringify(payload),
      })),
    );
    return run;
  } catch (error) {
    logger.error({ err: error }, 'delivery.emit_failed');
    const fault = { code: 'delivery.emit_failed', message: 'The derived events could not be stored.' };
    return { ...run, outcomes: run.outcomes.map(() => ({ kind: 'retry', fault })) };
  }
}
