/**
 * What delivery tells whoever measures and logs it: metrics, structured logs and traces listen here, so that
 * the engine knows none of them. Calls are made on the hot path and must be cheap and never throw.
 */
import type { Connection } from '../flows/workspace.ts';
import type { Fault, Outcome } from '../kernel/outcome.ts';
import type { Priority } from '../kernel/priority.ts';
import type { Exchange } from '../outbound/index.ts';
import type { Part, Work } from './work.ts';

/** Whose news it is: names of the configuration. */
export interface Concerned {
  readonly workspace: string;
  readonly connection: string;
}

/** One run of an action, after its outcomes are known and before they are on disk. */
export interface RunSettled extends Concerned {
  readonly flow: string;
  readonly action: string;
  readonly priority: Priority;
  readonly works: readonly Work[];
  readonly outcomes: readonly Outcome[];
  readonly exchanges: readonly Exchange[];
  readonly durationMs: number;
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
}

export interface DeliveryObserver {
  runSettled(run: RunSettled): void;
  /** Events that flows wanted and for which nothing is sent: skipped on purpose, or a mapping that failed (`failed` tells of those too). */
  unsent(
    news: Concerned & {
      readonly flow: string;
      readonly outcome: 'skipped' | 'rejected';
      readonly count: number;
    },
  ): void;
  /** Parts of an input wait for another attempt, or became dead letters. */
  failed(
    news: Concerned & {
      readonly flow: string;
      readonly parked: readonly Part[];
      readonly dead: readonly Part[];
      readonly fault: Fault;
      readonly dueAtMs: number;
    },
  ): void;
  /** The vendor as a whole stopped answering, or answers again. */
  breaker(
    news: Concerned & {
      readonly state: 'open' | 'closed';
      readonly fault?: Fault;
    },
  ): void;
  suspended(news: Concerned & { readonly fault: Fault }): void;
  resumed(news: Concerned): void;
  /** A transaction of a reader is on disk. */
  recorded(
    news: Concerned & {
      readonly entryCount: number;
      readonly durationMs: number;
    },
  ): void;
}

/** The names of a connection, for its news. */
export function concerning({ workspace, name }: Pick<Connection, 'workspace' | 'name'>): Concerned {
  return { workspace, connection: name };
}

export const SILENT_OBSERVER: DeliveryObserver = {
  runSettled: () => undefined,
  unsent: () => undefined,
  failed: () => undefined,
  breaker: () => undefined,
  suspended: () => undefined,
  resumed: () => undefined,
  recorded: () => undefined,
};
