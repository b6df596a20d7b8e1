/** Statements on replays: what is sent again, how far each of its slots is, and what an operator does with it. */
import type { Priority } from '../../kernel/priority.ts';
import type { Db } from '../db.ts';
import type { CursorKey } from './cursors.ts';

export const REPLAY_STATUSES = ['running', 'paused', 'cancelled', 'done'] as const;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];

/** A replay as it is stored; what stands in `filter` is the business of src/delivery/replay/. */
export interface ReplayRow {
  readonly id: number;
  readonly connection: string;
  readonly filter: unknown;
  readonly priority: Exclude<Priority, 'live'>;
  readonly rateShare: number;
  readonly status: ReplayStatus;
  readonly fromPosition: number;
  readonly toPosition: number;
  readonly createdAt: Date;
  readonly resumedAt: Date;
  readonly resumedEventCount: number;
  readonly finishedAt: Date | null;
}

export interface ReplayCounts {
  /** Events looked at, whether they match or not. */
  readonly eventCount: number;
  /** Inputs that events which match were mapped to, those that are skipped later included. */
  readonly inputCount: number;
  readonly deliveredCount: number;
  readonly skippedCount: number;
  /** Inputs that wait for another attempt; what becomes of them then is not counted here. */
  readonly parkedCount: number;
  /** Inputs that became dead letters at once. */
  readonly failedCount: number;
}

/** How far some slots of a replay are. */
export interface ReplayProgressRow extends ReplayCounts {
  readonly replayId: number;
  readonly slotFrom: number;
  readonly slotTo: number;
  /** Every event up to here is finished or parked, as for a cursor. */
  readonly position: number;
  /** The last event that counts. */
  readonly toPosition: number;
  readonly isDone: boolean;
}

const COLUMNS = `r.id, r.connection, r.filter, r.priority, r.rate_share as "rateShare", r.status, r.from_position as "fromPosition",
  r.to_position as "toPosition", r.created_at as "createdAt", r.resumed_at as "resumedAt",
  r.resumed_event_count as "resumedEventCount", r.finished_at as "finishedAt"`;

const INSERT = `
  insert into replays (workspace_id, connection, filter, priority, rate_share, from_position, to_position)
  select $1, $2, $3, $4, $5, $6, least($7, max(c.position)) from cursors c where c.workspace_id = $1 and c.connection = $2
  having count(*) > 0
  returning id`;

const INSERT_CURSORS = `
  insert into replay_cursors (replay_id, slot_from, slot_to, position, to_position, is_done)
  select r.id, c.slot_from, c.slot_to, r.from_position, least(r.to_position, c.position),
    r.from_position >= least(r.to_position, c.position)
  from replays r join cursors c on c.workspace_id = r.workspace_id and c.connection = r.connection
  where r.id = $1`;

const FINISH = `
  update replays r set status = 'done', finished_at = now()
  where r.id = $1 and r.status = 'running'
    and not exists (select from replay_cursors c where c.replay_id = r.id and not c.is_done)`;

export interface NewReplay {
  readonly filter: object;
  readonly priority: ReplayRow['priority'];
  readonly rateShare: number;
  readonly fromPosition: number;
  /** It ends here or at the live cursor, whichever comes first. */
  readonly toPosition: number;
}

/**
 * Starts a replay up to where the live readers of the connection are now; `undefined` when none ever read it. To be
 * run in a transaction.
 */
export async function insertReplay(
  db: Db,
  workspaceId: number,
  connection: string,
  replay: NewReplay,
): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number }>(INSERT, [
    workspaceId,
    connection,
    JSON.stringify(replay.filter),
    replay.priority,
    replay.rateShare,
    replay.fromPosition,
    replay.toPosition,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  await db.query(INSERT_CURSORS, [row.id]);
  // There may be nothing to read.
  await db.query(FINISH, [row.id]);
  return row.id;
}

const TOTALS = `
  select coalesce(sum(event_count), 0)::bigint as "eventCount", coalesce(sum(input_count), 0)::bigint as "inputCount",
    coalesce(sum(delivered_count), 0)::bigint as "deliveredCount", coalesce(sum(skipped_count), 0)::bigint as "skippedCount",
    coalesce(sum(parked_count), 0)::bigint as "parkedCount", coalesce(sum(failed_count), 0)::bigint as "failedCount",
    -- Of the positions to walk, the share that is behind it; slots count by their number.
    coalesce(sum((slot_to - slot_from) * least(1, (position - $SPAN_FROM)::float8 / nullif(to_position - $SPAN_FROM, 0)))
      / nullif(sum(slot_to - slot_from) filter (where to_position > $SPAN_FROM), 0), 1) as share
  from replay_cursors where replay_id = r.id`.replaceAll('$SPAN_FROM', 'r.from_position');

const LIST = `
  select ${COLUMNS}, t.*,
    r.status = 'running' and exists (
      select from replays o
      where o.workspace_id = r.workspace_id and o.connection = r.connection and o.status = 'running' and o.id < r.id
    ) as "isWaiting"
  from replays r cross join lateral (${TOTALS}) t
  where r.workspace_id = $1 and ($2::bigint is null or r.id = $2) and ($3::text is null or r.connection = $3)
    and ($4::text is null or r.status = $4)
  order by r.id desc limit $5`;

export interface ReplayWithTotals extends ReplayRow, ReplayCounts {
  /** An older replay of the connection goes first. */
  readonly isWaiting: boolean;
  /** How much of its range is behind it, from 0 to 1. */
  readonly share: number;
}

export interface ReplayListFilter {
  readonly id?: number;
  readonly connection?: string;
  readonly status?: ReplayStatus;
  readonly limit: number;
}

/** Replays that match all that is given, the newest first, with what became of their events so far. */
export async function listReplayRows(
  db: Db,
  workspaceId: number,
  { id, connection, status, limit }: ReplayListFilter,
): Promise<readonly ReplayWithTotals[]> {
  const { rows } = await db.query<ReplayWithTotals>(LIST, [workspaceId, id, connection, status, limit]);
  return rows;
}

const PAUSE = `update replays set status = 'paused' where workspace_id = $1 and id = $2 and status = 'running'`;

// What it did before the pause says nothing of its rate now. What was in flight at the pause may have been the rest.
const RESUME = `
  update replays set resumed_at = now(),
    status = case when exists (select from replay_cursors where replay_id = $2 and not is_done) then 'running' else 'done' end,
    finished_at = case when exists (select from replay_cursors where replay_id = $2 and not is_done) then null else now() end,
    resumed_event_count = (select coalesce(sum(event_count), 0) from replay_cursors where replay_id = $2)
  where workspace_id = $1 and id = $2 and status = 'paused'`;

const CANCEL = `
  update replays set status = 'cancelled', finished_at = now()
  where workspace_id = $1 and id = $2 and status in ('running', 'paused')`;

const STATEMENTS = { pause: PAUSE, resume: RESUME, cancel: CANCEL } as const;

export type ReplayChange = keyof typeof STATEMENTS;

/** False when there is no such replay, or it is not in a state that allows the change. */
export async function changeReplay(
  db: Db,
  workspaceId: number,
  id: number,
  change: ReplayChange,
): Promise<boolean> {
  const { rowCount } = await db.query(STATEMENTS[change], [workspaceId, id]);
  return rowCount === 1;
}

// One replay of a connection runs at a time: the oldest that runs. A pause lets the next one go.
const RUNNING = `
  select ${COLUMNS} from replays r
  where r.workspace_id = $1 and r.connection = $2 and r.status = 'running'
  order by r.id limit 1`;

/** The replays that a shard of the connection works on now: one at the most, the others wait their turn. */
export async function listRunningReplays(
  db: Db,
  { workspaceId, connection }: Pick<CursorKey, 'workspaceId' | 'connection'>,
): Promise<readonly ReplayRow[]> {
  const { rows } = await db.query<ReplayRow>(RUNNING, [workspaceId, connection]);
  return rows;
}

// The counts so far stay with the first part of a row that is split.
const SPLIT = `
  with straddling as (
    select replay_id, slot_from, slot_to, position, to_position, is_done from replay_cursors
    where replay_id = $1 and slot_from < $2 and slot_to > $2
    for update
  ), shortened as (
    update replay_cursors c set slot_to = $2 from straddling s
    where c.replay_id = s.replay_id and c.slot_from = s.slot_from
  )
  insert into replay_cursors (replay_id, slot_from, slot_to, position, to_position, is_done)
  select replay_id, $2, slot_to, position, to_position, is_done from straddling`;

/** Makes rows end at a slot. Two readers may do so at once: the second waits, and finds nothing left to split. */
export async function splitReplayCursors(db: Db, replayId: number, slot: number): Promise<void> {
  await db.query(SPLIT, [replayId, slot]);
}

const CURSORS = `
  select replay_id as "replayId", slot_from as "slotFrom", slot_to as "slotTo", position, to_position as "toPosition",
    is_done as "isDone", event_count as "eventCount", input_count as "inputCount", delivered_count as "deliveredCount",
    skipped_count as "skippedCount", parked_count as "parkedCount", failed_count as "failedCount"
  from replay_cursors where replay_id = $1 and slot_from >= $2 and slot_to <= $3
  order by slot_from`;

export async function listReplayCursors(
  db: Db,
  replayId: number,
  slots: CursorKey['slots'],
): Promise<readonly ReplayProgressRow[]> {
  const { rows } = await db.query<ReplayProgressRow>(CURSORS, [replayId, slots.from, slots.to]);
  return rows;
}

const SAVE = `
  update replay_cursors c
  set position = p.position, is_done = p."isDone", event_count = p."eventCount", input_count = p."inputCount",
    delivered_count = p."deliveredCount", skipped_count = p."skippedCount", parked_count = p."parkedCount",
    failed_count = p."failedCount", updated_at = now()
  from json_to_recordset($1::json) as p("replayId" bigint, "slotFrom" smallint, "slotTo" smallint, position bigint,
    "isDone" boolean, "eventCount" bigint, "inputCount" bigint, "deliveredCount" bigint, "skippedCount" bigint,
    "parkedCount" bigint, "failedCount" bigint)
  where c.replay_id = p."replayId" and c.slot_from = p."slotFrom" and c.slot_to = p."slotTo"`;

// Locked first, in a statement of its own: of two shards that finish at once, the second must see the first.
const LOCK = `select from replays where id = $1 for update`;

/**
 * Writes how far a reader's slots are with its replays; in the transaction that moves its cursor under its epoch. A
 * replay whose last slots are done is done itself: their ids come back, since the next one may start.
 */
export async function saveReplayProgress(
  tx: Db,
  rows: readonly ReplayProgressRow[],
): Promise<readonly number[]> {
  if (rows.length === 0) return [];
  await tx.query({ name: 'save_replay_progress', text: SAVE, values: [JSON.stringify(rows)] });
  const finished: number[] = [];
  for (const id of new Set(rows.filter(({ isDone }) => isDone).map(({ replayId }) => replayId))) {
    await tx.query(LOCK, [id]);
    const { rowCount } = await tx.query(FINISH, [id]);
    if (rowCount === 1) finished.push(id);
  }
  return finished;
}

const RANGE = `
  select
    coalesce((select min(e.position) - 1 from events e where e.workspace_id = $1
      and ($2::timestamptz is null or e.day >= ($2::timestamptz at time zone 'utc')::date - 1)), 0) as "from",
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
  const { rows } = await db.query<PositionRange>(RANGE, [workspaceId, since, until]);
  return rows[0] ?? { from: 0, to: 0 };
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
