/** The event log. */
export type { AppendReceipt, EventLog, ReadFrom } from './event-log.ts';
export { fromRow, PostgresLog } from './postgres-log.ts';
export type { PostgresLogOptions } from './postgres-log.ts';
