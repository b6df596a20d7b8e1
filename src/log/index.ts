/** The event log. */
export type { AppendReceipt, EventLog } from './event-log.ts';
export { fromRow, PostgresLog } from './postgres-log.ts';
