/** Counts what comes in. */
import { Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { IngestObserver } from '../../ingest/index.ts';
import type { AppendFact } from '../../log/index.ts';

// An append takes 2 to 5 ms on a quiet disk (decisions/0001, 2026-11); seconds mean that PostgreSQL is in trouble.
const APPEND_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export interface IngestMetrics extends IngestObserver {
  appended(news: AppendFact): void;
}

export function makeIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  const events = new Counter({
    name: 'linchpin_ingest_events_total',
    help: 'Events that were accepted and are durable',
    labelNames: ['source'],
    registers,
  });
  const duplicates = new Counter({
    name: 'linchpin_ingest_duplicates_total',
    help: 'Events that the log had already, dropped',
    labelNames: ['source'],
    registers,
  });
  const rejected = new Counter({
    name: 'linchpin_ingest_rejected_total',
    help: 'Items that were refused and kept aside, by error code',
    labelNames: ['source', 'code'],
    registers,
  });
  const requests = new Counter({
    name: 'linchpin_ingest_requests_total',
    help: 'Requests to ingest routes, by status of the answer and error code',
    labelNames: ['status', 'code'],
    registers,
  });
  const bytes = new Counter({
    name: 'linchpin_ingest_bytes_total',
    help: 'Bytes of request bodies, as they came over the wire',
    registers,
  });
  const appends = new Histogram({
    name: 'linchpin_ingest_append_seconds',
    help: 'How long one append to the log takes, its commit included; many requests share one',
    labelNames: ['result'],
    buckets: APPEND_BUCKETS,
    registers,
  });
  return {
    answered: ({ status, code, bytes: size }) => {
      requests.inc({ status: String(status), code: code ?? '' });
      bytes.inc(size);
    },
    accepted: ({ source, eventCount, duplicateCount }) => {
      events.inc({ source }, eventCount);
      if (duplicateCount > 0) duplicates.inc({ source }, duplicateCount);
    },
    rejected: ({ source, code }) => {
      rejected.inc({ source, code });
    },
    appended: ({ durationMs, isDurable }) => {
      appends.observe({ result: isDurable ? 'durable' : 'failed' }, durationMs / 1_000);
    },
  };
}
