/**
 * The event log on PostgreSQL. Appends go through group commit and the function `append_events`, which gives
 * positions under a lock that is held until the commit is visible; so a reader that asks for what comes after
 * its cursor never skips an event, however late or out of order transactions commit.
 */
import type { Pool } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { EVENT_TYPES } from '../kernel/event.ts';
import type { EventType, NewEvent, Position } from '../kernel/event.ts';
import type { JsonObject } from '../kernel/json.ts';
import { appendEvents, findHead, listDayStarts, readEvents } from '../store/queries/events.ts';
import type { EventRow, NewEventRow } from '../store/queries/events.ts';
import { ensurePartitions, isPartitionMissing } from '../store/partitions.ts';
import { Appender } from './appender.ts';
import type { AppendFact } from './appender.ts';
import type { AppendReceipt, EventLog, ReadEvent, ReadFrom, SlotRange } from './event-log.ts';
import { SharedReads } from './shared-reads.ts';
import { SLOT_COUNT, slotOf } from './slot.ts';

export interface PostgresLogOptions {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly clock: Clock;
  /** Called after each commit that added events, to wake readers. */
  readonly onAppended?: () => void;
  /** Called after each transaction of an append, also one that failed. */
  readonly onAppend?: (news: AppendFact) => void;
}

// Days whose first position is kept to pass over old partitions. Older cursors read without that help.
const DAY_STARTS_KEPT = 100;

// What a reader holds in memory at once must stay bounded however large events are; Segment's own are 32 kB at the most.
const READ_BYTES_MAX = 8 * 1024 * 1024;

// A stale list only makes PostgreSQL look at some partitions more.
const DAY_STARTS_TTL_MS = 3_600_000;

export class PostgresLog implements EventLog {
  readonly #pool: Pool;
  readonly #workspaceId: number;
  readonly #appender: Appender;
  readonly #clock: Clock;
  readonly #reads = new SharedReads();
  #dayStarts: readonly (readonly [day: string, firstPosition: number | null])[] = [];
  #dayStartsUntilMs = 0;

  constructor({ pool, workspaceId, clock, onAppended = () => undefined, onAppend }: PostgresLogOptions) {
    this.#pool = pool;
    this.#clock = clock;
    this.#workspaceId = workspaceId;
    this.#appender = new Appender({
      appendOnce: (events) => this.#appendOnce(events),
      isRefusal,
      clock,
      onAppended,
      ...(onAppend === undefined ? {} : { onAppend }),
    });
  }

  append(events: readonly NewEvent[]): Promise<AppendReceipt> {
    return this.#appender.append(events);
  }

  read(after: ReadFrom, limit: number): Promise<readonly ReadEvent[]> {
    const { position, slots = ALL_SLOTS, bytesMax = READ_BYTES_MAX } = after;
    return this.#reads.read(
      { position, slots },
      (events) => upTo(events, limit, bytesMax),
      async () => {
        const rows = await readEvents(this.#pool, {
          workspaceId: this.#workspaceId,
          after: position,
          dayFrom: await this.#dayBefore(position),
          slotFrom: slots.from,
          slotTo: slots.to,
          limit,
          bytes: bytesMax,
        });
        return rows.map(fromRow);
      },
    );
  }

  head(): Promise<Position> {
    return findHead(this.#pool, this.#workspaceId);
  }

  async #appendOnce(events: readonly NewEvent[]): Promise<AppendReceipt> {
    const rows = events.map(toRow);
    try {
      return await appendEvents(this.#pool, this.#workspaceId, rows);
    } catch (error) {
      if (!isPartitionMissing(error)) throw error;
      // Maintenance makes partitions ahead; a process that slept through midnights makes its own.
      await ensurePartitions(this.#pool, this.#clock.now());
      return appendEvents(this.#pool, this.#workspaceId, rows);
    }
  }

  /**
   * A day that no event after the position can precede: the one before the position's own, because the
   * database clock that dates events may have stepped back over midnight.
   */
  async #dayBefore(position: Position): Promise<string> {
    if (this.#clock.now() >= this.#dayStartsUntilMs) {
      this.#dayStarts = await listDayStarts(this.#pool, this.#workspaceId, DAY_STARTS_KEPT);
      this.#dayStartsUntilMs = this.#clock.now() + DAY_STARTS_TTL_MS;
    }
    const index = this.#dayStarts.findLastIndex(([, first]) => first !== null && first <= position);
    return this.#dayStarts[index - 1]?.[0] ?? '-infinity';
  }
}

const ALL_SLOTS: SlotRange = { from: 0, to: SLOT_COUNT };

/** The first events that a read with these bounds would give. */
function upTo(events: readonly ReadEvent[], limit: number, bytesMax: number): readonly ReadEvent[] {
  let size = 0;
  const end = events.findIndex((event, index) => {
    if (index === limit || size >= bytesMax) return true;
    size += event.size;
    return false;
  });
  return end === -1 ? events : events.slice(0, end);
}

// Classes of data exceptions, constraint violations and exceeded limits
// (postgresql.org/docs/18/errcodes-appendix.html).
const REFUSAL = /^(?:22|23|54)[0-9A-Z]{3}$/;

/** True when the events themselves are at fault; a time that is none is refused before PostgreSQL sees it. */
function isRefusal(error: unknown): boolean {
  return error instanceof RangeError || REFUSAL.test(String((error as { readonly code?: unknown }).code));
}

function toRow({ id, ...event }: NewEvent): NewEventRow {
  return { ...event, messageId: id, slot: slotOf(event.personKey) };
}

/** The event of a row of the log. */
export function fromRow(row: EventRow): ReadEvent {
  const [position, id, source, type, name, personKey, occurredAt, receivedAt, body] = row;
  return {
    position,
    id,
    source,
    type: toEventType(type),
    name,
    personKey,
    occurredAt: toIso(occurredAt),
    receivedAt: toIso(receivedAt),
    size: body.length,
    payload: JSON.parse(body) as JsonObject, // Only append writes bodies, and only from JSON objects.
  };
}

const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);

function toEventType(type: string): EventType {
  if (!KNOWN_TYPES.has(type)) throw new TypeError(`The log holds an event of the unknown type ${type}.`);
  return type as EventType;
}

// PostgreSQL writes `2026-11-21 05:07:41.123+00` in UTC and trims zeros of the fraction.
const MILLISECONDS_AT_END = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00$/;

function toIso(text: string): string {
  if (MILLISECONDS_AT_END.test(text)) return `${text.slice(0, 10)}T${text.slice(11, 23)}Z`;
  return new Date(`${text.slice(0, 10)}T${text.slice(11)}:00`).toISOString();
}
