/** Statements that look for events in the log: those that match a filter, and those of some people. */
import { textArray } from '../binary-arrays.ts';
import type { Db } from '../db.ts';
import type { EventRow } from './events.ts';

export interface EventFilter {
  /** ISO times of receipt, `since` inclusive and `until` exclusive. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly personKey?: string | undefined;
}

// The migration says why this is a function.
const LOOK_THROUGH = `
  select is_match, looked_count, position, message_id, source, type, name, person_key, occurred_at, received_at, body
  from find_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

// What one call looks at: some milliseconds of PostgreSQL's time, so that whoever looks on behalf of a reader does not
// hold it up.
const LOOK_MAX = 2_000;

export interface LookThrough {
  readonly workspaceId: number;
  /** Looks at events after this one … */
  readonly after: number;
  /** … up to and with this one. */
  readonly upTo: number;
  /** Hash slots, the second exclusive. */
  readonly slotFrom: number;
  readonly slotTo: number;
  readonly filter: EventFilter;
  /** The most events that are returned. */
  readonly limit: number;
}

export interface LookedThrough {
  /** What matches, in order. */
  readonly rows: readonly EventRow[];
  /** Where to go on. */
  readonly lookedTo: number;
  readonly lookedCount: number;
  /** True when nothing is left up to the end of the range. */
  readonly isEnd: boolean;
}

/** Looks through a bounded number of events for those that match all that is given. */
export async function lookThroughEvents(db: Db, look: LookThrough): Promise<LookedThrough> {
  const { filter } = look;
  const { rows } = await db.query<[isMatch: boolean, lookedCount: number, ...EventRow]>({
    name: 'look_through_events',
    text: LOOK_THROUGH,
    values: [
      look.workspaceId,
      look.after,
      look.upTo,
      look.slotFrom,
      look.slotTo,
      filter.since,
      filter.until,
      filter.source,
      filter.type,
      filter.name,
      filter.personKey,
      // One more, for the last event looked at.
      look.limit + 1,
      LOOK_MAX,
    ],
    rowMode: 'array',
  });
  const kept = rows.filter(([isMatch]) => isMatch).slice(0, look.limit);
  // With the limit reached, it goes on behind the last match; otherwise the last row is the last event looked at.
  const last = kept.length === look.limit ? kept.at(-1) : rows.at(-1);
  const [, lookedCount = 0, position = look.upTo] = last ?? [];
  const isEnd = last === rows.at(-1) && lookedCount < LOOK_MAX;
  return {
    rows: kept.map(([, , ...row]) => row),
    lookedTo: isEnd ? look.upTo : position,
    lookedCount,
    isEnd,
  };
}

/** Events that match all that is given, in order, after a position: `limit` of them, or all there are. */
export async function findEvents(
  db: Db,
  workspaceId: number,
  filter: EventFilter,
  after: number,
  limit: number,
): Promise<readonly EventRow[]> {
  const found: EventRow[] = [];
  for (let position = after; ;) {
    const looked = await lookThroughEvents(db, {
      workspaceId,
      after: position,
      upTo: Number.MAX_SAFE_INTEGER,
      slotFrom: 0,
      slotTo: SLOTS_END,
      filter,
      limit: Math.min(limit - found.length, LOOK_MAX),
    });
    found.push(...looked.rows);
    if (looked.isEnd || found.length >= limit) return found;
    position = looked.lookedTo;
  }
}

// Beyond the last hash slot, which is 63 (src/log/slot.ts).
const SLOTS_END = 64;

const OF_PEOPLE = `
  select position, message_id, source, type, name, person_key, occurred_at, received_at, body
  from read_events_of_people($1, $2, $3, $4, $5, $6, $7)`;

export interface EventsOfPeople {
  readonly workspaceId: number;
  readonly personKeys: readonly string[];
  readonly types: readonly string[];
  /** Both inclusive. */
  readonly from: number;
  readonly upTo: number;
  readonly limit: number;
  /** Bytes of bodies after which no further event comes. */
  readonly bytes: number;
}

/** Events of some people, newest first. */
export async function listEventsOfPeople(db: Db, of: EventsOfPeople): Promise<readonly EventRow[]> {
  const { rows } = await db.query<[...EventRow]>({
    name: 'read_events_of_people',
    text: OF_PEOPLE,
    values: [
      of.workspaceId,
      textArray(of.personKeys),
      textArray(of.types),
      of.from,
      of.upTo,
      of.limit,
      of.bytes,
    ],
    rowMode: 'array',
  });
  return rows;
}
