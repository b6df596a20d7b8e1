/** The HTTP server. */
export type { ReadinessReport } from './routes/health.ts';
export { listen } from './listen.ts';
export { makeServer } from './server.ts';
export type { ServerParts } from './server.ts';
