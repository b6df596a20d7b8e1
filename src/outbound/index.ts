/** Outgoing calls: the one HTTP client, limits, credentials, exchanges. */
export { checkConnection } from './check-connection.ts';
export type { CheckResult } from './check-connection.ts';
export { ConnectionClient } from './connection-client.ts';
export type { ConnectionClientOptions, Failure, Sent } from './connection-client.ts';
export { drive } from './drive.ts';
export type { DriveParts, Driven } from './drive.ts';
export type { Exchange } from './exchange.ts';
export { RecordClaims } from './record-claims.ts';
