/** Outgoing calls: the one HTTP client, limits, credentials, exchanges. */
export { checkConnection } from './check-connection.ts';
export { ConnectionClient } from './connection-client.ts';
export type { Sent } from './connection-client.ts';
export { drive } from './drive.ts';
export type { Driven } from './drive.ts';
export { isCut } from './exchange.ts';
export type { Exchange } from './exchange.ts';
export { LIVE_CLAIMANT } from './limit-kind.ts';
export type { Claimant } from './limit-kind.ts';
export type { LimitStore } from './limit-store.ts';
export { RecordClaims } from './record-claims.ts';
export { beginAuthorization, readPasted, readRedirect, refused } from './oauth/authorization.ts';
export type { Authorization } from './oauth/authorization.ts';
export { toWhat } from './oauth/check-login.ts';
export { authorizationOf, finishLogin, revokeLogin } from './oauth/log-in.ts';
export type { LoginStore } from './oauth/login-store.ts';
export type { LimitReport } from './shared-limits.ts';
