/** Metrics of this process for Prometheus. */
export { makeMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export type { LimitUse, ProcessFacts } from './process-metrics.ts';
export { readStoreFacts } from './read-store-facts.ts';
