/**
 * The metrics of one process, in the form that Prometheus reads. Labels are names from the configuration or from fixed
 * lists, never anything that a sender or a vendor can invent, so their number stays bounded. docs/metrics.md has the
 * meaning of each.
 */
import { Registry } from 'prom-client';
import type { DeliveryObserver } from '../../delivery/index.ts';
import { makeDeliveryMetrics } from './delivery-metrics.ts';
import { makeIngestMetrics } from './ingest-metrics.ts';
import type { IngestMetrics } from './ingest-metrics.ts';
import { makeProcessMetrics } from './process-metrics.ts';
import type { ProcessFacts } from './process-metrics.ts';
import { makeStoreMetrics } from './store-metrics.ts';
import type { StoreMetricsParts } from './store-metrics.ts';

export interface MetricsParts extends StoreMetricsParts {
  readonly version: string;
  readonly ownFacts: () => ProcessFacts;
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
  return {
    delivery,
    ingest,
    contentType: registry.contentType,
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
    render: async () => {
      await store.refresh();
      own.refresh(parts.ownFacts());
      return registry.metrics();
    },
    close: () => {
      own.close();
    },
  };
}
