import type { LoggedEvent, NewEvent, Position } from '../kernel/event.ts';

/**
 * The event log of one workspace: durable, ordered, append-only. Within it, positions grow in commit order,
 * so a reader that asks for what comes after its cursor can never skip an event. Behind this seam stands
 * PostgreSQL; another log needs only these operations.
 */
export interface EventLog {
  /**
   * Resolves when the events are durable. Events whose id the workspace has seen in the last 24 hours are
   * dropped and named in the receipt.
   */
  append(events: readonly NewEvent[]): Promise<AppendReceipt>;
  /**
   * Up to `limit` events after `position`, in order. Fewer than `READ_ENOUGH` are all there were when it was asked;
   * after more, others may follow.
   */
  read(after: ReadFrom, limit: number): Promise<readonly ReadEvent[]>;
  /** The position of the newest event; 0 when the log is empty. */
  head(): Promise<Position>;
}

/** An event as a reader gets it. */
export interface ReadEvent extends LoggedEvent {
  /** Characters of the payload's JSON text: what the event weighs in memory. */
  readonly size: number;
}

export interface AppendReceipt {
  readonly appendedCount: number;
  readonly duplicateIds: readonly string[];
}

/** Hash slots `from` inclusive and `to` exclusive: a shard of a reader. */
export interface SlotRange {
  readonly from: number;
  readonly to: number;
}

export interface ReadFrom {
  readonly position: Position;
  /** Slots to read; all when absent. */
  readonly slots?: SlotRange;
  /** Stop when this many bytes of bodies are together; one event comes at least. */
  readonly bytesMax?: number;
}
