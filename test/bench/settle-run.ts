/** One run of the settle suite: processes work off a backlog that was appended before, and the cost is read. */
import type { Pool } from 'pg';
import { systemClock } from '../../src/kernel/clock.ts';
import { SLOT_COUNT } from '../../src/log/index.ts';
import { startLinchpinProcess, startVendor } from './bench-process.ts';
import { appendBacklog } from './engine-bench.ts';
import type { BenchWorkspace, EngineBench } from './engine-bench.ts';

export interface SettlePlan {
  readonly preset: string;
  readonly workers: number;
  readonly events: number;
  /** Done between the backlog and the start of the workers. */
  readonly prepare?: (workspace: BenchWorkspace) => Promise<void>;
}

export interface SettleFigures {
  readonly perSecond: number;
  /** Of the workers and PostgreSQL together, per delivery. */
  readonly cpuUs: number;
  readonly workerCpuUs: number;
  readonly postgresCpuUs: number;
  readonly walBytes: number;
  /** Whole pages among it, which a checkpoint makes due again. */
  readonly walPages: number;
}

// The first fifth warms the processes up: code is compiled, pools are filled.
const WARM_SHARE = 0.2;

const POLL_MS = 20;

export async function settleRun(bench: EngineBench, plan: SettlePlan): Promise<SettleFigures> {
  const vendor = await startVendor();
  const workspace = await bench.makeWorkspace([
    { url: vendor.url, preset: plan.preset, shards: plan.workers },
  ]);
  // Before the backlog, not after: the pages of events that wait in memory since the checkpoint need no second
  // image when a reader marks their rows as committed.
  await bench.pool.query('checkpoint');
  await appendBacklog(workspace.log, plan.events);
  await plan.prepare?.(workspace);
  const workers = await Promise.all(
    Array.from({ length: plan.workers }, () =>
      startLinchpinProcess({ ...workspace.arguments, role: 'worker' }),
    ),
  );
  const look = async (): Promise<Sight> => ({
    ...(await sight(bench.pool, workspace.id)),
    workerCpu: workers.reduce((sum, worker) => sum + worker.cpuSeconds(), 0),
    postgresCpu: bench.postgresCpuSeconds(),
    atMs: performance.now(),
  });
  try {
    const ends = await lastOfEachSlot(bench.pool, workspace.id);
    const first = Math.max(...ends) - plan.events;
    const warm = Math.floor(first + plan.events * WARM_SHARE);
    await cursorsReach(bench.pool, workspace.id, () => warm);
    const from = await look();
    await cursorsReach(bench.pool, workspace.id, (slots) => Math.max(...ends.slice(slots.from, slots.to)));
    const to = await look();
    const deliveries = to.settled - from.settled;
    const workerCpuUs = ((to.workerCpu - from.workerCpu) * 1e6) / deliveries;
    const postgresCpuUs = ((to.postgresCpu - from.postgresCpu) * 1e6) / deliveries;
    return {
      perSecond: (deliveries * 1000) / (to.atMs - from.atMs),
      cpuUs: workerCpuUs + postgresCpuUs,
      workerCpuUs,
      postgresCpuUs,
      walBytes: (to.walBytes - from.walBytes) / deliveries,
      walPages: to.walPages - from.walPages,
    };
  } finally {
    for (const worker of workers) await worker.stop();
    await vendor.stop();
  }
}

interface Sight {
  readonly settled: number;
  readonly walBytes: number;
  readonly walPages: number;
  readonly workerCpu: number;
  readonly postgresCpu: number;
  readonly atMs: number;
}

/** The position of the newest event of each slot: where the cursor of a shard ends up. */
async function lastOfEachSlot(pool: Pool, workspaceId: number): Promise<readonly number[]> {
  const { rows } = await pool.query<{ last: number }>(
    `select coalesce(max(e.position), 0) as last from generate_series(0, ${String(SLOT_COUNT - 1)}) as s
     left join events e on e.slot = s and e.workspace_id = $1 group by s order by s`,
    [workspaceId],
  );
  return rows.map(({ last }) => last);
}

/** Resolves when every cursor of the workspace has come to the position that its slots ask for. */
async function cursorsReach(
  pool: Pool,
  workspaceId: number,
  goalOf: (slots: { readonly from: number; readonly to: number }) => number,
): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ position: number; from: number; to: number }>(
      `select position, slot_from as from, slot_to as to from cursors where workspace_id = $1`,
      [workspaceId],
    );
    if (rows.every(({ position, ...slots }) => position >= goalOf(slots))) return;
    await systemClock.sleep(POLL_MS);
  }
}

/** Settled is what the records say: delivered, and written in the transaction that moved the cursor. */
async function sight(
  pool: Pool,
  workspaceId: number,
): Promise<Pick<Sight, 'settled' | 'walBytes' | 'walPages'>> {
  const { rows } = await pool.query<{ settled: number; wal: number; pages: number }>(
    `select (select coalesce(sum(delivered_count), 0)::bigint from attempts where workspace_id = $1) as settled,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as wal,
       (select wal_fpi from pg_stat_wal) as pages`,
    [workspaceId],
  );
  const row = rows[0];
  return { settled: row?.settled ?? 0, walBytes: row?.wal ?? 0, walPages: row?.pages ?? 0 };
}
