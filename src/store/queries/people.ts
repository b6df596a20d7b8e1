/** Statements on the events of a person, found by the hash of the person key. */
import type { Db } from '../db.ts';
import type { EventRow } from './events.ts';

const COLUMNS = `position, message_id, source, type, name, person_key, occurred_at::text, received_at::text, body`;

const OF_PERSON = `workspace_id = $1 and hashtext(person_key) = hashtext($2) and person_key = $2`;

// The sum keeps the planner from walking the whole log backwards until enough of the person's events have turned up.
const NEWEST = `select ${COLUMNS} from events where ${OF_PERSON} order by position + 0 desc limit $3`;

/** The newest events of a person, newest first. */
export async function listEventsOfPerson(
  db: Db,
  workspaceId: number,
  personKey: string,
  limit: number,
): Promise<readonly EventRow[]> {
  const { rows } = await db.query<[...EventRow]>({
    text: NEWEST,
    values: [workspaceId, personKey, limit],
    rowMode: 'array',
  });
  return rows;
}

const POSITIONS = `select position from events where ${OF_PERSON} order by position + 0 desc limit $3`;

/** Where the newest events of a person stand in the log. */
export async function listPositionsOfPerson(
  db: Db,
  workspaceId: number,
  personKey: string,
  limit: number,
): Promise<readonly number[]> {
  const { rows } = await db.query<[number]>({
    text: POSITIONS,
    values: [workspaceId, personKey, limit],
    rowMode: 'array',
  });
  return rows.map(([position]) => position);
}

const AT = `select ${COLUMNS} from events where workspace_id = $1 and position = any($2) order by position`;

/** The events at these positions; those that retention has taken are missing. */
export async function findEventsAt(
  db: Db,
  workspaceId: number,
  positions: readonly number[],
): Promise<readonly EventRow[]> {
  const { rows } = await db.query<[...EventRow]>({
    text: AT,
    values: [workspaceId, positions],
    rowMode: 'array',
  });
  return rows;
}

// Bodies of the newest events are looked through, as many as take some ten milliseconds; the rest of the log is not
// indexed by what stands inside an event. Keys of parked and dead inputs are.
const MENTIONS = `
  select person_key from (
    select position, person_key from events
    where workspace_id = $1 and position between $3 and $4 and strpos(lower(body), $2) > 0
    union all
    select e.position, e.person_key from events e where e.workspace_id = $1 and e.position = any(array(
      select position from dead_letters where workspace_id = $1 and order_key = any($5) order by position desc limit 100
    ))
    union all
    select e.position, e.person_key from events e where e.workspace_id = $1 and e.position = any(array(
      select position from parked
      where workspace_id = $1 and connection = any($6) and action = any($7) and order_key = any($5)
      order by position desc limit 100
    ))
  ) found
  group by person_key order by max(position) desc limit $8`;

export interface FindMentions {
  /** What to look for in bodies, in lower case. */
  readonly text: string;
  /** Which part of the log is looked through, both ends included. */
  readonly from: number;
  readonly to: number;
  /** What to look for among parked and dead inputs. */
  readonly orderKeys: readonly string[];
  readonly connections: readonly string[];
  readonly actions: readonly string[];
  readonly limit: number;
}

/** Person keys whose events mention a text, the newest mention first. */
export async function findPersonKeysMentioning(
  db: Db,
  workspaceId: number,
  { text, from, to, orderKeys, connections, actions, limit }: FindMentions,
): Promise<readonly string[]> {
  const { rows } = await db.query<[string]>({
    text: MENTIONS,
    values: [workspaceId, text, from, to, orderKeys, connections, actions, limit],
    rowMode: 'array',
  });
  return rows.map(([personKey]) => personKey);
}
