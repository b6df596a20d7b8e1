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
  readonly onAppend: (news: AppendFact) => void;
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
    onAppend: (news) => {
      guard(() => {
        metrics.ingest.appended(news);
        tracing.appended(news);
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
    runSettled: (news) => {
      each((observer) => {
        observer.runSettled(news);
      });
    },
    unsent: (news) => {
      each((observer) => {
        observer.unsent(news);
      });
    },
    failed: (news) => {
      each((observer) => {
        observer.failed(news);
      });
    },
    breaker: (news) => {
      each((observer) => {
        observer.breaker(news);
      });
    },
    suspended: (news) => {
      each((observer) => {
        observer.suspended(news);
      });
    },
    resumed: (news) => {
      each((observer) => {
        observer.resumed(news);
      });
    },
    recorded: (news) => {
      each((observer) => {
        observer.recorded(news);
      });
    },
  };
}

function joinIngest(all: readonly IngestObserver[], guard: Guard): IngestObserver {
  const each = eachOf(all, guard);
  return {
    answered: (news) => {
      each((observer) => {
        observer.answered(news);
      });
    },
    accepted: (news) => {
      each((observer) => {
        observer.accepted(news);
      });
    },
    rejected: (news) => {
      each((observer) => {
        observer.rejected(news);
      });
    },
  };
}
