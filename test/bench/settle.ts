/**
 * What deliveries cost, against a vendor that answers at once: settled per second by one worker and by four, in
 * batches and one by one, CPU and write-ahead log per delivery; what parked keys, more connections and a long
 * backlog change; and how many events per second go all the way through three connections.
 */
import { backlogRead } from './backlog-read.ts';
import type { BacklogRead } from './backlog-read.ts';
import { openEngineBench } from './engine-bench.ts';
import type { EngineBench } from './engine-bench.ts';
import { isQuick, medianOf, progress, report, rounded } from './measure.ts';
import { parkTenthOfKeys } from './parked-keys.ts';
import { settleRun } from './settle-run.ts';
import type { SettleFigures } from './settle-run.ts';
import { ingestCost, sustainedRun } from './sustained-run.ts';
import type { Sustained } from './sustained-run.ts';

const quick = isQuick();
const ROUNDS = quick ? 1 : 3;
const BATCHED_EVENTS = quick ? 50_000 : 120_000;
const SINGLE_EVENTS = quick ? 12_000 : 30_000;
const SUSTAINED = quick ? { warmSeconds: 3, seconds: 4 } : { warmSeconds: 4, seconds: 8 };
const COST_SECONDS = quick ? 2 : 4;
const BACKLOG = { long: quick ? 2_000_000 : 10_000_000, short: 200_000 };

const VARIANTS = {
  put1: { preset: 'bench/put', workers: 1, events: BATCHED_EVENTS },
  put4: { preset: 'bench/put', workers: 4, events: BATCHED_EVENTS },
  parked: { preset: 'bench/put', workers: 1, events: BATCHED_EVENTS, prepare: parkTenthOfKeys },
  tell1: { preset: 'bench/tell', workers: 1, events: SINGLE_EVENTS },
  tell4: { preset: 'bench/tell', workers: 4, events: SINGLE_EVENTS },
} as const;
type Variant = keyof typeof VARIANTS;
const VARIANT_NAMES = Object.keys(VARIANTS) as Variant[];
const COST_CONNECTIONS = [1, 3, 12] as const;

interface Round {
  readonly settled: Readonly<Record<Variant, SettleFigures>>;
  readonly sustained: Sustained;
  /** By number of connections. */
  readonly costs: ReadonlyMap<number, number>;
}

const bench = await openEngineBench();
try {
  const rounds: Round[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) rounds.push(await runRound(bench, round));
  progress('reads at the start of a long backlog');
  print(rounds, await backlogRead(bench, BACKLOG));
} finally {
  await bench.close();
}

async function runRound(engine: EngineBench, round: number): Promise<Round> {
  const settled: Partial<Record<Variant, SettleFigures>> = {};
  for (const name of VARIANT_NAMES) {
    settled[name] = await settleRun(engine, VARIANTS[name]);
    progress(`round ${String(round)}: ${name} ${String(Math.round(settled[name].perSecond))}/s`);
  }
  const sustained = await sustainedRun(engine, 3, SUSTAINED);
  progress(`round ${String(round)}: sustained ${String(Math.round(sustained.perSecond))}/s`);
  const costs = new Map<number, number>();
  for (const connections of COST_CONNECTIONS) {
    const cost = await ingestCost(engine, connections, COST_SECONDS);
    costs.set(connections, cost);
    progress(`round ${String(round)}: ingest beside ${String(connections)} readers ${cost.toFixed(1)} µs`);
  }
  return { settled: settled as Record<Variant, SettleFigures>, sustained, costs };
}

function print(rounds: readonly Round[], backlog: BacklogRead): void {
  const settled = (variant: Variant, figure: keyof SettleFigures): number =>
    medianOf(rounds, (round) => round.settled[variant][figure]);
  const cost = (connections: number): number => medianOf(rounds, ({ costs }) => costs.get(connections) ?? 0);
  // Rounds are compared with themselves: what else the machine did in one of them weighs on both sides.
  const ratio = (of: (round: Round) => number): number => rounded(medianOf(rounds, of), 2);
  report(
    'Settle: deliveries to a vendor that answers at once',
    {
      settle_1_worker_per_s: Math.round(settled('put1', 'perSecond')),
      settle_4_workers_per_s: Math.round(settled('put4', 'perSecond')),
      settle_cpu_us: rounded(settled('put1', 'cpuUs'), 1),
      settle_4_workers_cpu_us: rounded(settled('put4', 'cpuUs'), 1),
      settle_wal_bytes: Math.round(settled('put1', 'walBytes')),
      single_1_worker_per_s: Math.round(settled('tell1', 'perSecond')),
      single_4_workers_per_s: Math.round(settled('tell4', 'perSecond')),
      single_cpu_us: Math.round(settled('tell1', 'cpuUs')),
      single_wal_bytes: Math.round(settled('tell1', 'walBytes')),
      parked_tenth_ratio: ratio(({ settled: { parked, put1 } }) => parked.perSecond / put1.perSecond),
      ingest_1_connection_cpu_us: rounded(cost(1), 1),
      ingest_3_connections_cpu_us: rounded(cost(3), 1),
      ingest_12_connections_cpu_us: rounded(cost(12), 1),
      ingest_12_to_1_ratio: ratio(({ costs }) => (costs.get(12) ?? 0) / (costs.get(1) ?? 0)),
      backlog_read_ratio: rounded(backlog.longMs / backlog.shortMs, 2),
      backlog_read_quarter_ratio: rounded(backlog.longShardMs / backlog.shortShardMs, 2),
      sustained_3_connections_per_s: Math.round(medianOf(rounds, ({ sustained }) => sustained.perSecond)),
      sustained_3_connections_cpu_us: Math.round(
        medianOf(rounds, ({ sustained }) => sustained.linchpinCpuUs + sustained.postgresCpuUs),
      ),
      rounds: rounds.length,
    },
    [
      'Medians of interleaved rounds; worker, vendor and PostgreSQL are processes of one machine. A delivery counts when its outcome is recorded and the cursor has passed it.',
      'CPU is that of the workers and of PostgreSQL, write-ahead log is what deliveries add to that of the events; the checkpoint comes before the backlog, so that hardly a page is written whole.',
      `In batches of 500, or one by one. Ingest: CPU per event of a process that only takes in, and of its sessions, beside 1, 3 and 12 readers. Backlog: a read of 1,000 events before ${BACKLOG.long.toLocaleString('en-GB')} events against ${BACKLOG.short.toLocaleString('en-GB')}.`,
      ...rounds.map(
        ({ sustained }, index) =>
          `Sustained, round ${String(index + 1)}: ${String(Math.round(sustained.perSecond))} events/s, slowest reader behind by ${String(sustained.lagFrom)} and then by ${String(sustained.lagTo)} events.`,
      ),
    ],
  );
}
