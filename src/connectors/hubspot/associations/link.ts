import type { Fault, Outcome } from '../../../kernel/outcome.ts';
import type { DeliverContext } from '../../../kit/index.ts';
import type { RecordRef } from '../records/record-ref.ts';
import type { Settings } from '../settings.ts';

/** Two records that belong together. */
export interface Link {
  readonly from: RecordRef;
  readonly to: RecordRef;
  /** As HubSpot shows it; `Primary` is the primary company. Absent: the association without a label. */
  readonly label?: string | undefined;
  /** The label of the other direction, for one that is created. */
  readonly inverse_label?: string | undefined;
  /** Whether a label that HubSpot lacks is created. */
  readonly create_label?: boolean | undefined;
}

/** What became of a link. */
export type LinkVerdict =
  | { readonly kind: 'linked'; readonly fromId: string; readonly toId: string }
  /** A record is not there (yet): whether to wait is for the caller to say. */
  | { readonly kind: 'missing'; readonly end: 'from' | 'to'; readonly fault: Fault }
  | { readonly kind: 'failed'; readonly outcome: Extract<Outcome, { kind: 'rejected' | 'retry' }> };

export type LinkContext = Pick<DeliverContext<Settings, unknown>, 'settings' | 'cache' | 'nowMs'>;
