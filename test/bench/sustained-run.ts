/**
 * Ingest and delivery at once, by real processes: how many events per second go all the way, and what taking in
 * costs when more connections read.
 */
import type { Pool } from 'pg';
import { systemClock } from '../../src/kernel/clock.ts';
import { BatchSender } from './batch-sender.ts';
import { startLinchpinProcess, startVendor } from './bench-process.ts';
import type { EngineBench } from './engine-bench.ts';
import { cpuSecondsOf } from '../support/linchpin-process.ts';

// Senders that wait for an answer at once: enough to keep ingest busy, too few to queue for long.
const SENDERS = 8;

// The sender holds back while the slowest reader is this far behind, a second at the rate aimed at: what
// gets through meanwhile is what all readers keep up with.
const LAG_EVENTS_MAX = 12_000;

const LOOK_EVERY_MS = 50;

export interface Sustained {
  readonly perSecond: number;
  /** Events that the slowest reader was behind, at the start and the end of the measured time. */
  readonly lagFrom: number;
  readonly lagTo: number;
  /** CPU per event of Linchpin's processes and of PostgreSQL. */
  readonly linchpinCpuUs: number;
  readonly postgresCpuUs: number;
}

export async function sustainedRun(
  bench: EngineBench,
  connections: number,
  { warmSeconds, seconds }: { readonly warmSeconds: number; readonly seconds: number },
): Promise<Sustained> {
  const vendor = await startVendor();
  const workspace = await bench.makeWorkspace(
    Array.from({ length: connections }, () => ({ url: vendor.url, preset: 'bench/put' as const })),
  );
  const worker = await startLinchpinProcess({ ...workspace.arguments, role: 'worker' });
  const ingest = await startLinchpinProcess({ ...workspace.arguments, role: 'ingest' });
  const sender = new BatchSender(ingest.url, workspace.writeKey, SENDERS);
  const stop = new AbortController();
  let lag = 0;
  try {
    const sending = sender.sendWhile(() => lag < LAG_EVENTS_MAX, SENDERS, stop.signal);
    const watch = async (forSeconds: number): Promise<Standing & Spent> => {
      const until = performance.now() + forSeconds * 1000;
      for (;;) {
        const seen = {
          ...(await standing(bench.pool, workspace.id)),
          linchpinCpu: worker.cpuSeconds() + ingest.cpuSeconds(),
          postgresCpu: bench.postgresCpuSeconds(),
        };
        lag = seen.head - seen.slowest;
        if (performance.now() >= until) return seen;
        await systemClock.sleep(LOOK_EVERY_MS);
      }
    };
    const from = await watch(warmSeconds);
    const to = await watch(seconds);
    stop.abort();
    await sending;
    const events = to.slowest - from.slowest;
    return {
      perSecond: (events * 1000) / (to.atMs - from.atMs),
      linchpinCpuUs: ((to.linchpinCpu - from.linchpinCpu) * 1e6) / events,
      postgresCpuUs: ((to.postgresCpu - from.postgresCpu) * 1e6) / events,
      lagFrom: from.head - from.slowest,
      lagTo: to.head - to.slowest,
    };
  } finally {
    stop.abort();
    await sender.close();
    await ingest.stop();
    await worker.stop();
    await vendor.stop();
  }
}

interface Spent {
  readonly linchpinCpu: number;
  readonly postgresCpu: number;
}

interface Standing {
  readonly head: number;
  readonly slowest: number;
  readonly atMs: number;
}

// Nothing else writes to the log meanwhile, so positions count its events.
async function standing(pool: Pool, workspaceId: number): Promise<Standing> {
  const { rows } = await pool.query<{ head: number; slowest: number }>(
    `select (select coalesce(max(position), 0) from events where workspace_id = $1) as head,
       (select min(position) from cursors where workspace_id = $1) as slowest`,
    [workspaceId],
  );
  return { head: rows[0]?.head ?? 0, slowest: rows[0]?.slowest ?? 0, atMs: performance.now() };
}

// Twelve readers of it keep up on two cores with room to spare, so that nobody waits for a processor.
const COST_EVENTS_PER_SECOND = 2_000;

/**
 * CPU per event taken in, in µs: of a process that only takes in, and of its own sessions in PostgreSQL, while
 * another process reads for every connection.
 */
export async function ingestCost(bench: EngineBench, connections: number, seconds: number): Promise<number> {
  const vendor = await startVendor();
  const workspace = await bench.makeWorkspace(
    Array.from({ length: connections }, () => ({ url: vendor.url, preset: 'bench/put' as const })),
  );
  const databaseUrl = `${workspace.arguments.databaseUrl}?application_name=${APPLICATION}`;
  const worker = await startLinchpinProcess({ ...workspace.arguments, role: 'worker' });
  const ingest = await startLinchpinProcess({ ...workspace.arguments, databaseUrl, role: 'ingest' });
  const sender = new BatchSender(ingest.url, workspace.writeKey, SENDERS);
  try {
    // Code is compiled and connections are open from then on.
    await sender.sendSteadily(COST_EVENTS_PER_SECOND, seconds / 2);
    const spent = async (): Promise<number> => ingest.cpuSeconds() + (await sessionsCpuSeconds(bench.pool));
    const accepted = sender.acceptedCount;
    const before = await spent();
    await sender.sendSteadily(COST_EVENTS_PER_SECOND, seconds);
    return (((await spent()) - before) * 1e6) / (sender.acceptedCount - accepted);
  } finally {
    await sender.close();
    await ingest.stop();
    await worker.stop();
    await vendor.stop();
  }
}

const APPLICATION = 'bench-ingest';

async function sessionsCpuSeconds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>(
    `select pid from pg_stat_activity where application_name = $1`,
    [APPLICATION],
  );
  return rows.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0);
}
