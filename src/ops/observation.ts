/**
 * Everything that watches a running Linchpin: metrics, the log of what went wrong, traces. Hands out one observer for
 * each part that is watched; what fails in here is logged and harms none of them.
 */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { DeliveryObserver } from '../delivery/index.ts';
import type { IngestObserver } from '../ingest/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AppendFact } from '../log/index.ts';
import { makeDeliveryLog } from './logging/delivery-log.ts';
import { makeIngestLog } from './logging/ingest-log.ts';
import { LineLimiter } from './logging/line-limiter.ts';
import { makeMetrics, readStoreFacts } from './metrics/index.ts';
import type { ProcessFacts } from './metrics/index.ts';
import { makeTracing } from './tracing.ts';

export interface ObservationParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** The one workspace that this process serves; all when absent. */
  readonly workspace: string | undefined;
  readonly ownFacts: () => ProcessFacts;
}

export interface Observation {
  readonly delivery: DeliveryObserver;
  readonly ingest: IngestObserver;
  /** For the log: after each transaction of an append. */
  readonly onAppend: (fact: AppendFact) => void;
  /** For `/metrics`. */
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  close(): void;
}

export function startObservation(parts: ObservationParts): Observation {
  const { pool, clock, logger, version, workspace, ownFacts } = parts;
  const lines = new LineLimiter(logger, clock);
  const readFacts = () => readStoreFacts(pool, workspace);
  const metrics = makeMetrics({ pool, clock, version, readFacts, ownFacts });
  const tracing = makeTracing(version, clock);
  const guard: Guard = (tell) => {
    try {
      tell();
    } catch (error) {
      logger.error({ err: error }, 'observation.failed');
    }
  };
  return {
    delivery: joinDelivery([metrics.delivery, makeDeliveryLog(lines), tracing.delivery], guard),
    ingest: joinIngest([metrics.ingest, makeIngestLog(lines), tracing.ingest], guard),
    onAppend: (fact) => {
      guard(() => {
        metrics.ingest.appended(fact);
        tracing.appended(fact);
      });
    },
    metrics,
    close: () => {
      metrics.close();
      lines.close();
    },
  };
}

type Guard = (tell: () => void) => void;

/** Calls every observer, each by itself: one that fails keeps no news from the next. */
function eachOf<Observer>(all: readonly Observer[], guard: Guard) {
  return (tell: (observer: Observer) => void): void => {
    for (const observer of all) {
      guard(() => {
        tell(observer);
      });
    }
  };
}

function joinDelivery(all: readonly DeliveryObserver[], guard: Guard): DeliveryObserver {
  const each = eachOf(all, guard);
  return {
    runSettled: (fact) => {
      each((observer) => void observer.runSettled(fact));
    },
    unsent: (fact) => {
      each((observer) => void observer.unsent(fact));
    },
    failed: (fact) => {
      each((observer) => void observer.failed(fact));
    },
    breaker: (fact) => {
      each((observer) => void observer.breaker(fact));
    },
    suspended: (fact) => {
      each((observer) => void observer.suspended(fact));
    },
    resumed: (fact) => {
      each((observer) => void observer.resumed(fact));
    },
    recorded: (fact) => {
      each((observer) => void observer.recorded(fact));
    },
  };
}

function joinIngest(all: readonly IngestObserver[], guard: Guard): IngestObserver {
  const each = eachOf(all, guard);
  return {
    answered: (fact) => {
      each((observer) => void observer.answered(fact));
    },
    accepted: (fact) => {
      each((observer) => void observer.accepted(fact));
    },
    rejected: (fact) => {
      each((observer) => void observer.rejected(fact));
    },
  };
}
