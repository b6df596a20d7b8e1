/** Statements by which a replay finds its range, and what became of the inputs that it may send again. */
import type { Db } from '../db.ts';

const RANGE = `
  select
    (select min(e.position) - 1 from events e where e.workspace_id = $1
      and ($2::timestamptz is null or e.day >= ($2::timestamptz at time zone 'utc')::date - 1)) as "from",
    coalesce((select max(e.position) from events e where e.workspace_id = $1
      and ($3::timestamptz is null or e.day <= ($3::timestamptz at time zone 'utc')::date + 1)), 0) as "to"`;

export interface PositionRange {
  /** Exclusive. */
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/** Positions between which all events lie that were received in a stretch of time; a day to spare at both ends. */
export async function findRangeOfTime(
  db: Db,
  workspaceId: number,
  since: string | undefined,
  until: string | undefined,
): Promise<PositionRange> {
  const { rows } = await db.query<{ from: number | null; to: number }>(RANGE, [workspaceId, since, until]);
  const { from = null, to = 0 } = rows[0] ?? {};
  // Nothing came since.
  return { from: from ?? to, to };
}

const RANGE_OF_PERSON = `
  select coalesce(min(position + 0) - 1, 0) as "from", coalesce(max(position + 0), 0) as "to" from events
  where workspace_id = $1 and hashtext(person_key) = hashtext($2) and person_key = $2`;

/** Positions between which all events of a person lie. */
export async function findRangeOfPerson(
  db: Db,
  workspaceId: number,
  personKey: string,
): Promise<PositionRange> {
  const { rows } = await db.query<PositionRange>(RANGE_OF_PERSON, [workspaceId, personKey]);
  return rows[0] ?? { from: 0, to: 0 };
}

const LIVE_CURSOR = `
  select max(position) as position from cursors where workspace_id = $1 and connection = $2`;

/** How far the live reader of a connection is: the foremost of its shards. */
export async function findLiveCursor(
  db: Db,
  workspaceId: number,
  connection: string,
): Promise<number | undefined> {
  const { rows } = await db.query<{ position: number | null }>(LIVE_CURSOR, [workspaceId, connection]);
  return rows[0]?.position ?? undefined;
}

export interface FlowAtPosition {
  readonly position: number;
  readonly flow: string;
}

const PARKED_AT = `
  select position, flow from parked where workspace_id = $1 and connection = $2 and position = any ($3)`;

/** Inputs of these events that wait for another attempt. */
export async function listParkedAt(
  db: Db,
  workspaceId: number,
  connection: string,
  positions: readonly number[],
): Promise<readonly FlowAtPosition[]> {
  const { rows } = await db.query<FlowAtPosition>(PARKED_AT, [workspaceId, connection, positions]);
  return rows;
}

const DEAD_AT = `
  select position, flow from dead_letters
  where workspace_id = $1 and connection = $2 and status in ('open', 'discarded') and position = any ($3)`;

/** Inputs of these events that were given up. */
export async function listDeadAt(
  db: Db,
  workspaceId: number,
  connection: string,
  positions: readonly number[],
): Promise<readonly FlowAtPosition[]> {
  const { rows } = await db.query<FlowAtPosition>(DEAD_AT, [workspaceId, connection, positions]);
  return rows;
}

// As for the attempts of one event: no row spans `$5` positions or more, so a bounded stretch of the index is read.
const OUTCOMES_AT = `
  select distinct on (i.position, a.flow) i.position, a.flow, i.outcome
  from attempts a cross join lateral json_to_recordset(a.items::json) as i(position bigint, outcome text)
  where a.workspace_id = $1 and a.connection = $2 and i.position = any ($3)
    and a.last_position >= $4 and a.last_position < $6::bigint + $5::bigint and a.first_position <= $6
  order by i.position, a.flow, a.id desc`;

/** What became of the inputs of these events when they were last tried; `positions` in order. */
export async function listOutcomesAt(
  db: Db,
  workspaceId: number,
  connection: string,
  positions: readonly number[],
  spanMax: number,
): Promise<readonly (FlowAtPosition & { readonly outcome: string })[]> {
  const { rows } = await db.query<FlowAtPosition & { readonly outcome: string }>(OUTCOMES_AT, [
    workspaceId,
    connection,
    positions,
    positions[0] ?? 0,
    spanMax,
    positions.at(-1) ?? 0,
  ]);
  return rows;
}
