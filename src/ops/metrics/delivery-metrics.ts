/** Counts what goes out, as the readers of this process tell it. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { DeliveryObserver } from '../../delivery/index.ts';

// Vendors answer within some hundred milliseconds; a call is given up after 30 s at the latest.
const CALL_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

// A transaction of a reader is as quick as an append.
const RECORD_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export function makeDeliveryMetrics(registry: Registry): DeliveryObserver {
  const registers = [registry];
  const outcomes = new Counter({
    name: 'linchpin_delivery_outcomes_total',
    help: 'What became of events that flows wanted: one for each event and flow, and each time it was tried',
    labelNames: ['workspace', 'connection', 'flow', 'outcome'],
    registers,
  });
  const attempts = new Counter({
    name: 'linchpin_delivery_attempts_total',
    help: 'Attempts that were spent; waiting for a limit spends none',
    labelNames: ['workspace', 'connection', 'priority'],
    registers,
  });
  const runs = new Histogram({
    name: 'linchpin_delivery_run_seconds',
    help: 'How long a batch takes, from its start until every input has its outcome',
    labelNames: ['workspace', 'connection', 'action'],
    buckets: CALL_BUCKETS,
    registers,
  });
  const calls = new Histogram({
    name: 'linchpin_delivery_call_seconds',
    help: 'How long calls to vendors take, by status: 2xx, 3xx, 4xx, 429, 5xx, or none when no answer came',
    labelNames: ['workspace', 'connection', 'status'],
    buckets: CALL_BUCKETS,
    registers,
  });
  const parked = new Counter({
    name: 'linchpin_delivery_parked_total',
    help: 'Events whose input was parked until another attempt',
    labelNames: ['workspace', 'connection', 'flow'],
    registers,
  });
  const dead = new Counter({
    name: 'linchpin_delivery_dead_letters_total',
    help: 'Events that became dead letters',
    labelNames: ['workspace', 'connection', 'flow'],
    registers,
  });
  const breakers = new Gauge({
    name: 'linchpin_delivery_breaker_open',
    help: '1 while the vendor as a whole does not answer and is only probed',
    labelNames: ['workspace', 'connection'],
    registers,
  });
  const suspensions = new Counter({
    name: 'linchpin_delivery_suspensions_total',
    help: 'How often a connection was suspended: credentials refused, or a receiver that is gone',
    labelNames: ['workspace', 'connection'],
    registers,
  });
  const records = new Histogram({
    name: 'linchpin_delivery_record_seconds',
    help: 'How long a reader takes to write outcomes and its cursor',
    labelNames: ['workspace', 'connection'],
    buckets: RECORD_BUCKETS,
    registers,
  });
  return {
    runSettled: ({
      workspace,
      connection,
      flow,
      action,
      priority,
      works,
      outcomes: verdicts,
      exchanges,
      durationMs,
    }) => {
      runs.observe({ workspace, connection, action }, durationMs / 1_000);
      for (const { status, durationMs: ms } of exchanges)
        calls.observe({ workspace, connection, status: statusClass(status) }, ms / 1_000);
      const counts = new Map<string, number>();
      works.forEach(({ parts }, index) => {
        const kind = verdicts[index]?.kind;
        if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + parts.length);
      });
      for (const [outcome, count] of counts) {
        outcomes.inc({ workspace, connection, flow, outcome }, count);
        if (SPENDS_ATTEMPT.has(outcome)) attempts.inc({ workspace, connection, priority }, count);
      }
    },
    unsent: ({ workspace, connection, flow, outcome, count }) => {
      outcomes.inc({ workspace, connection, flow, outcome }, count);
    },
    failed: ({ workspace, connection, flow, parked: waiting, dead: lost }) => {
      if (waiting.length > 0) parked.inc({ workspace, connection, flow }, waiting.length);
      if (lost.length > 0) dead.inc({ workspace, connection, flow }, lost.length);
    },
    breaker: ({ workspace, connection, state }) => {
      breakers.set({ workspace, connection }, state === 'open' ? 1 : 0);
    },
    suspended: ({ workspace, connection }) => {
      suspensions.inc({ workspace, connection });
    },
    resumed: () => undefined,
    recorded: ({ workspace, connection, durationMs }) => {
      records.observe({ workspace, connection }, durationMs / 1_000);
    },
  };
}

const SPENDS_ATTEMPT: ReadonlySet<string> = new Set(['delivered', 'retry', 'rejected']);

// 429 stands alone: it says that we or somebody else on the account went too fast.
function statusClass(status: number | undefined): string {
  if (status === undefined) return 'none';
  return status === 429 ? '429' : `${String(Math.floor(status / 100))}xx`;
}
