import type { Outcome } from '../../../kernel/outcome.ts';
import type { DeliverContext, Item, Steps } from '../../../kit/index.ts';
import type { RecordRef } from '../records/record-ref.ts';
import type { Settings } from '../settings.ts';
import { waitForRecord } from '../wait-for-record.ts';
import { linkRecords } from './link-records.ts';
import type { LinkVerdict } from './link.ts';

/** Both ends, and the label if there is one. */
interface AssociateInput {
  readonly from: RecordRef;
  readonly to: RecordRef;
  readonly label?: string | undefined;
}

interface AssociateOptions {
  readonly create_label: boolean;
  readonly inverse_label?: string | undefined;
  readonly wait_attempts: number;
}

/** Links up to 2,000 pairs of records; each is settled by itself. */
export function* associateRecords(
  batch: readonly Item<AssociateInput>[],
  context: DeliverContext<Settings, AssociateOptions>,
): Steps<readonly Outcome[]> {
  const { create_label, inverse_label, wait_attempts } = context.options;
  const verdicts = yield* linkRecords(
    batch.map(({ input }) => ({ ...input, create_label, inverse_label })),
    context,
  );
  return batch.map(({ attempt }, index) => toOutcome(verdicts[index], attempt, wait_attempts));
}

function toOutcome(verdict: LinkVerdict | undefined, attempt: number, waitAttempts: number): Outcome {
  switch (verdict?.kind) {
    case 'linked':
      return { kind: 'delivered', remoteId: `${verdict.fromId}-${verdict.toId}` };
    case 'missing':
      return waitForRecord(attempt, waitAttempts, verdict.fault);
    case 'failed':
      return verdict.outcome;
    case undefined:
      throw new TypeError('An association was left without a verdict.');
  }
}
