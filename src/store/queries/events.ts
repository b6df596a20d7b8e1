/** Statements on the log: append in commit order, read after a position. */
import { smallintArray, textArray, timestampArray } from '../binary-arrays.ts';
import type { Db } from '../db.ts';

export interface AppendedRow {
  readonly appendedCount: number;
  readonly duplicateIds: readonly string[];
}

/** An event as the columns of the log. */
export interface NewEventRow {
  readonly messageId: string;
  readonly source: string;
  readonly type: string;
  readonly name: string | null;
  readonly personKey: string;
  readonly slot: number;
  /** ISO times. */
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly body: string;
}

const APPEND_EVENTS = `
  select appended_count, duplicate_ids from append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** Appends events in order, each id at most once; ids that the workspace has already are dropped and named. */
export async function appendEvents(
  db: Db,
  workspaceId: number,
  events: readonly NewEventRow[],
): Promise<AppendedRow> {
  const { rows } = await db.query<[number, string[]]>({
    name: 'append_events',
    text: APPEND_EVENTS,
    values: [
      workspaceId,
      textArray(events.map((event) => event.messageId)),
      textArray(events.map((event) => event.source)),
      textArray(events.map((event) => event.type)),
      textArray(events.map((event) => event.name)),
      textArray(events.map((event) => event.personKey)),
      smallintArray(events.map((event) => event.slot)),
      timestampArray(events.map((event) => event.occurredAt)),
      timestampArray(events.map((event) => event.receivedAt)),
      textArray(events.map((event) => event.body)),
    ],
    rowMode: 'array',
  });
  const [appendedCount, duplicateIds] = rows[0] ?? [0, []];
  return { appendedCount, duplicateIds };
}

/** A row of the log in the order of the columns below; times as PostgreSQL writes them in UTC. */
export type EventRow = readonly [
  position: number,
  messageId: string,
  source: string,
  type: string,
  name: string | null,
  personKey: string,
  occurredAt: string,
  receivedAt: string,
  body: string,
];

const EVENT_COLUMNS = `position, message_id, source, type, name, person_key, occurred_at::text, received_at::text, body`;

// The first migration says why this is a function. The lower day lets PostgreSQL pass over old partitions.
const READ_EVENTS = `
  select position, message_id, source, type, name, person_key, occurred_at, received_at, body
  from read_events($1, $2, $3, $4, $5, $6, $7)`;

export interface ReadEvents {
  readonly workspaceId: number;
  readonly after: number;
  /** No event after `after` lies in a day before this one; `-infinity` when unknown. */
  readonly dayFrom: string;
  readonly slotFrom: number;
  readonly slotTo: number;
  readonly limit: number;
  /** Bytes of bodies after which no further event comes; the first always does. */
  readonly bytes: number;
}

export async function readEvents(db: Db, read: ReadEvents): Promise<readonly EventRow[]> {
  const { rows } = await db.query<[...EventRow]>({
    name: 'read_events',
    text: READ_EVENTS,
    values: [read.workspaceId, read.after, read.dayFrom, read.slotFrom, read.slotTo, read.limit, read.bytes],
    rowMode: 'array',
  });
  return rows;
}

const HEAD = `select coalesce(max(position), 0) from events where workspace_id = $1`;

export async function findHead(db: Db, workspaceId: number): Promise<number> {
  const { rows } = await db.query<[number]>({ text: HEAD, values: [workspaceId], rowMode: 'array' });
  return rows[0]?.[0] ?? 0;
}

// One index probe per day, instead of a scan that grows with the log.
const DAY_STARTS = `
  select d.day::text, (select min(e.position) from events e where e.workspace_id = $1 and e.day = d.day)
  from (select (current_date - n)::date as day from generate_series(-1, $2::integer) as n) as d
  order by d.day`;

/** The first position of each of the last days, null for days without events, oldest first. */
export async function listDayStarts(
  db: Db,
  workspaceId: number,
  days: number,
): Promise<readonly (readonly [day: string, firstPosition: number | null])[]> {
  const { rows } = await db.query<[string, number | null]>({
    text: DAY_STARTS,
    values: [workspaceId, days],
    rowMode: 'array',
  });
  return rows;
}

const FIND_BY_ID = `
  select ${EVENT_COLUMNS} from events where workspace_id = $1 and message_id = $2 order by position limit 1`;

export async function findEventById(db: Db, workspaceId: number, id: string): Promise<EventRow | undefined> {
  const { rows } = await db.query<[...EventRow]>({
    text: FIND_BY_ID,
    values: [workspaceId, id],
    rowMode: 'array',
  });
  return rows[0];
}

// The primary keys of the partitions, read backwards and merged.
const NEWEST = `
  select ${EVENT_COLUMNS} from events
  where workspace_id = $1 and position <= $2 and ($3::text is null or source = $3)
  order by position desc limit $4`;

/** The newest events up to a position, newest first. */
export async function listNewestEvents(
  db: Db,
  workspaceId: number,
  filter: { readonly source?: string | undefined },
  upTo: number,
  limit: number,
): Promise<readonly EventRow[]> {
  const { rows } = await db.query<[...EventRow]>({
    text: NEWEST,
    values: [workspaceId, upTo, filter.source, limit],
    rowMode: 'array',
  });
  return rows;
}
