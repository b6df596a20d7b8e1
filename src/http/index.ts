/** The HTTP server. */
export type { ReadinessReport } from './routes/health.ts';
export { makeServer } from './server.ts';
export type { ServerParts } from './server.ts';
