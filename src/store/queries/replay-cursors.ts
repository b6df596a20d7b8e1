/** Statements on the cursors of replays: how far each range of slots is, written by the reader that owns them. */
import type { Db } from '../db.ts';
import { sendSignal } from '../signals.ts';
import type { CursorKey } from './cursors.ts';

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
 * replay whose last slots are done is done itself, and the other shards are told: the next one may start.
 */
export async function saveReplayProgress(tx: Db, rows: readonly ReplayProgressRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({ name: 'save_replay_progress', text: SAVE, values: [JSON.stringify(rows)] });
  for (const id of new Set(rows.filter(({ isDone }) => isDone).map(({ replayId }) => replayId))) {
    await tx.query(LOCK, [id]);
    const workspaceId = await finishReplay(tx, id);
    if (workspaceId !== undefined) await sendSignal(tx, 'control', workspaceId);
  }
}

const FINISH = `
  update replays r set status = 'done', finished_at = now()
  where r.id = $1 and r.status = 'running'
    and not exists (select from replay_cursors c where c.replay_id = r.id and not c.is_done)
  returning workspace_id as "workspaceId"`;

/** Ends a replay whose slots are all done; the workspace of one that was ended, `undefined` when it goes on. */
export async function finishReplay(db: Db, id: number): Promise<number | undefined> {
  const { rows } = await db.query<{ workspaceId: number }>(FINISH, [id]);
  return rows[0]?.workspaceId;
}
