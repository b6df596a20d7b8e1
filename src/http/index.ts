/** The HTTP server. */
export type { ReadinessCheck, ReadinessReport } from './routes/health.ts';
export { makeServer } from './server.ts';
export type { HttpLogger, ServerParts } from './server.ts';
