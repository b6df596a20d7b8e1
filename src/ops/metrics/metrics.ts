/**
 * The metrics of one process, in the form that Prometheus reads. Labels are names from the configuration or from fixed
 * lists, never anything that a sender or a vendor can invent, so their number stays bounded. docs/metrics.md has the
 * meaning of each.
 */
import { Gauge, Registry } from 'prom-client';
import type { DeliveryObserver } from '../../delivery/index.ts';
import { makeDeliveryMetrics } from './delivery-metrics.ts';
import { makeIngestMetrics } from './ingest-metrics.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import { makeProcessMetrics } from './process-metrics.ts';
import { makeStoreMetrics } from './store-metrics.ts';
import type { StoreMetricsParts } from './store-metrics.ts';

export interface MetricsParts extends StoreMetricsParts {
  readonly version: string;
  /** What ingest holds in memory just now; absent in a process that takes nothing in. */
  readonly intake?: () => { readonly requests: number; readonly bytes: number };
}

export interface Metrics {
  readonly delivery: DeliveryObserver;
  readonly ingest: IngestMetrics;
  readonly contentType: string;
  /** The names of all metrics. */
  names(): readonly string[];
  /** Everything as it stands, for a scrape. */
  render(): Promise<string>;
  close(): void;
}

export function makeMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry();
  const delivery = makeDeliveryMetrics(registry);
  const ingest = makeIngestMetrics(registry);
  const store = makeStoreMetrics(registry, parts);
  const own = makeProcessMetrics(registry, parts.version);
  const intake = makeIntakeGauges(registry);
  return {
    delivery,
    ingest,
    contentType: registry.contentType,
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
    render: async () => {
      await store.refresh();
      own.refresh();
      const held = parts.intake?.();
      intake.requests.set(held?.requests ?? 0);
      intake.bytes.set(held?.bytes ?? 0);
      return registry.metrics();
    },
    close: () => {
      own.close();
    },
  };
}

function makeIntakeGauges(registry: Registry): { readonly requests: Gauge; readonly bytes: Gauge } {
  const registers = [registry];
  return {
    requests: new Gauge({
      name: 'linchpin_ingest_requests_in_flight',
      help: 'Requests whose events wait to become durable',
      registers,
    }),
    bytes: new Gauge({
      name: 'linchpin_ingest_held_bytes',
      help: 'Bytes of bodies and events that ingest holds in memory',
      registers,
    }),
  };
}
