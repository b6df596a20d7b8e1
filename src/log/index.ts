/** The event log. */
export type { AppendFact } from './appender.ts';
export type { AppendReceipt, EventLog, ReadEvent, SlotRange } from './event-log.ts';
export { fromRow, PostgresLog } from './postgres-log.ts';
export { READ_ENOUGH } from './shared-reads.ts';
export { SLOT_COUNT, slotOf } from './slot.ts';
