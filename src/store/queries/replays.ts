/** Statements on replays: what is sent again, and what an operator does with it. */
import type { Priority } from '../../kernel/priority.ts';
import type { Db } from '../db.ts';
import type { CursorKey } from './cursors.ts';
import { finishReplay } from './replay-cursors.ts';
import type { ReplayCounts } from './replay-cursors.ts';

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
  await finishReplay(db, row.id);
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
