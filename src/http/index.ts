/** The HTTP server. */
export type { ReadinessReport } from './routes/health.ts';
export type { MetricsSource } from './routes/metrics.ts';
export { makeServer } from './server.ts';
export type { ServerParts } from './server.ts';
