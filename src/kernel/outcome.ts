import type { Event } from './event.ts';

/**
 * Why something could not be done, for a human. `message` never holds payload values or secrets; `code` is
 * `<area>.<snake_case>` or a vendor's own code behind the connector's name (`hubspot.INVALID_OPTION`).
 */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly status?: number;
  /** The vendor's own id of the exchange, to quote to its support. */
  readonly requestId?: string;
}

/** An event that an action derives from what it read; the engine appends it to the log. */
export type DerivedEvent = Omit<Event, 'source' | 'receivedAt'>;

/**
 * What became of one input, a closed union. Only `retry` spends an attempt; `deferred` waits for a limit;
 * `suspended` says that the whole connection is broken and needs a human.
 */
export type Outcome =
  | {
      readonly kind: 'delivered';
      /** The vendor's id of the record. */
      readonly remoteId?: string;
      /** What was done otherwise than asked, for the record: a property left out, a value cut. */
      readonly notes?: readonly string[];
      readonly emit?: readonly DerivedEvent[];
    }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'deferred'; readonly waitMs: number; readonly reason: string }
  | { readonly kind: 'retry'; readonly fault: Fault; readonly waitMs?: number }
  | { readonly kind: 'rejected'; readonly fault: Fault }
  | { readonly kind: 'suspended'; readonly fault: Fault };
