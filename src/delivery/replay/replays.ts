/** What an operator does with replays: start, look, pause, resume, cancel. The readers do the rest. */
import type { Pool } from 'pg';
import type { Clock } from '../../kernel/clock.ts';
import { LinchpinError } from '../../kernel/errors.ts';
import type { Connection } from '../../flows/workspace.ts';
import { changeReplay, insertReplay, listReplayRows } from '../../store/queries/replays.ts';
import type { ReplayCounts } from '../../store/queries/replay-cursors.ts';
import type {
  ReplayChange,
  ReplayListFilter,
  ReplayRow,
  ReplayWithTotals,
} from '../../store/queries/replays.ts';
import { sendSignal } from '../../store/signals.ts';
import { withTransaction } from '../../store/transaction.ts';
import type { ReplayFilter } from './replay-filter.ts';
import { findReplayRange } from './replay-range.ts';

export interface StartReplay {
  readonly connection: Connection;
  readonly filter: ReplayFilter;
  readonly priority?: ReplayRow['priority'];
  readonly rateShare?: number;
}

/** A quarter of the vendor's limits: four hours for what live traffic would do in one, and hardly felt by it. */
export const DEFAULT_RATE_SHARE = 0.25;

/** A replay and how it gets on. */
export interface Replay extends ReplayCounts {
  readonly id: number;
  readonly connection: string;
  readonly filter: ReplayFilter;
  readonly priority: ReplayRow['priority'];
  readonly rateShare: number;
  readonly status: ReplayRow['status'];
  /** Running, but an older replay of the connection goes first. */
  readonly isWaiting: boolean;
  /** How much of its part of the log it has behind it, from 0 to 1. */
  readonly share: number;
  /** Of how many events `eventCount` is, by that share; null before there is one. */
  readonly eventCountEstimate: number | null;
  /** Since it was started, or resumed last; null while it is not running. */
  readonly eventsPerSecond: number | null;
  readonly restSecondsEstimate: number | null;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Throws unless it is a part of the rate limit, or all of it. */
export function assertRateShare(rateShare: number): void {
  if (rateShare > 0 && rateShare <= 1) return;
  throw new LinchpinError('replay.share_invalid', {
    message: `The share of the rate limit is ${String(rateShare)}.`,
    field: 'share',
  });
}

/** Starts a replay; it takes its turn behind other replays of the connection. */
export async function startReplay(
  pool: Pool,
  clock: Clock,
  { connection, filter, priority = 'replay', rateShare = DEFAULT_RATE_SHARE }: StartReplay,
): Promise<Replay> {
  assertRateShare(rateShare);
  const { workspaceId, name } = connection;
  const { fromPosition, toPosition } = await findReplayRange(pool, connection, filter);
  const replay = { filter, priority, rateShare, fromPosition, toPosition };
  const id = await withTransaction(pool, (tx) => insertReplay(tx, workspaceId, name, replay));
  if (id === undefined) {
    throw new LinchpinError('replay.connection_never_read', {
      message: `Nothing was ever read for the connection ${name}, so there is nothing to send again.`,
      field: 'connection',
    });
  }
  await sendSignal(pool, 'control', workspaceId);
  return getReplay(pool, clock, workspaceId, id);
}

/** The newest first. */
export async function listReplays(
  pool: Pool,
  clock: Clock,
  workspaceId: number,
  filter: ReplayListFilter,
): Promise<readonly Replay[]> {
  const rows = await listReplayRows(pool, workspaceId, filter);
  return rows.map((row) => toReplay(row, clock.now()));
}

export async function getReplay(pool: Pool, clock: Clock, workspaceId: number, id: number): Promise<Replay> {
  const [found] = await listReplays(pool, clock, workspaceId, { id, limit: 1 });
  if (found !== undefined) return found;
  throw new LinchpinError('replay.unknown', { message: `There is no replay ${String(id)}.`, field: 'id' });
}

/** What is in flight still arrives after a pause or a cancellation; nothing more is read. */
export function pauseReplay(pool: Pool, clock: Clock, workspaceId: number, id: number): Promise<Replay> {
  return change(pool, clock, workspaceId, id, 'pause');
}

export function resumeReplay(pool: Pool, clock: Clock, workspaceId: number, id: number): Promise<Replay> {
  return change(pool, clock, workspaceId, id, 'resume');
}

export function cancelReplay(pool: Pool, clock: Clock, workspaceId: number, id: number): Promise<Replay> {
  return change(pool, clock, workspaceId, id, 'cancel');
}

/** The state that each change leads to: asked for twice, it is there already. */
const LEADS_TO = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const satisfies Record<
  ReplayChange,
  ReplayRow['status']
>;

async function change(
  pool: Pool,
  clock: Clock,
  workspaceId: number,
  id: number,
  wanted: ReplayChange,
): Promise<Replay> {
  const isChanged = await changeReplay(pool, workspaceId, id, wanted);
  if (isChanged) await sendSignal(pool, 'control', workspaceId);
  const replay = await getReplay(pool, clock, workspaceId, id);
  if (isChanged || replay.status === LEADS_TO[wanted]) return replay;
  throw new LinchpinError('replay.over', {
    message: `The replay ${String(id)} is ${replay.status}.`,
    field: 'id',
  });
}

function toReplay(row: ReplayWithTotals, nowMs: number): Replay {
  const { filter, fromPosition: _, toPosition: __, resumedAt, resumedEventCount, ...rest } = row;
  const isRunning = row.status === 'running' && !row.isWaiting;
  const seconds = (nowMs - resumedAt.getTime()) / 1_000;
  const sinceResumed = row.eventCount - resumedEventCount;
  const eventsPerSecond = isRunning && seconds > 0 ? sinceResumed / seconds : null;
  const total = row.share > 0 ? Math.max(row.eventCount, Math.round(row.eventCount / row.share)) : null;
  const hasRate = eventsPerSecond !== null && eventsPerSecond > 0;
  return {
    ...rest,
    filter: filter as ReplayFilter, // Only `startReplay` writes it.
    eventCountEstimate: total,
    eventsPerSecond,
    restSecondsEstimate: hasRate && total !== null ? (total - row.eventCount) / eventsPerSecond : null,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
