/** Outgoing calls: the one HTTP client, limits, credentials, exchanges. */
export { checkConnection } from './check-connection.ts';
export { ConnectionClient } from './connection-client.ts';
export type { Sent } from './connection-client.ts';
export { drive } from './drive.ts';
export type { Driven } from './drive.ts';
export type { Exchange } from './exchange.ts';
export { RecordClaims } from './record-claims.ts';
