/**
 * The soak: a steady rate of events for many minutes, with a kill now and then. One ingest and one worker are spared;
 * their memory must stay flat, and so must whatever else does not grow with the events: connections, file handles,
 * the tables that are updated in place.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import type { Programs } from './cluster.ts';
import { Dice } from './dice.ts';
import { FaultRun } from './fault-run.ts';
import type { KillableProcess } from './killable-process.ts';
import { average, riseOf, takeSample } from './samples.ts';
import type { Sample } from './samples.ts';

export interface SoakOptions {
  readonly programs: Programs;
  readonly minutes: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly onSample?: (line: string) => void;
}

export interface SoakReport {
  readonly minutes: number;
  readonly events_per_s: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly order_violations: number;
  readonly duplicates: number;
  readonly kills: number;
  readonly crashes: number;
  /** Of each process that was spared: the average of the last two thirds, and how much it rose in that time. */
  readonly rss_mb: Readonly<Record<string, number>>;
  readonly rss_rise_mb: Readonly<Record<string, number>>;
  readonly heap_rise_mb: Readonly<Record<string, number>>;
  readonly file_handles_rise: Readonly<Record<string, number>>;
  readonly connections_max: number;
  readonly connections_rise: number;
  readonly rows_max: Readonly<Record<string, number>>;
  readonly bloat_mb: number;
  readonly database_mb: number;
  /** What is wrong, in words. */
  readonly violations: readonly string[];
}

const SAMPLE_EVERY_MS = 10_000;
const KILL_EVERY_MS = { from: 10_000, to: 25_000 };
const DOWN_MS = { from: 100, to: 3_000 };
const ARRIVAL_MS = 90_000;
const CLIENTS = 4;
// Each person has an event every eight seconds, so that even a minute's backlog leaves no sender waiting.
const SECONDS_PER_PERSON = 8;

/*
 * What counts as flat, over the last two thirds of the time. A resident size that was ever needed is given back late or
 * never, and collections come when they like: a leak of the kind that matters, a hundred bytes an event, would be 60 MB
 * in twenty minutes at 500 a second.
 */
const RISE_MB_MAX = 25;
const HANDLES_RISE_MAX = 8;
const CONNECTIONS_RISE_MAX = 5;
// Five tables of some hundred rows that are updated many times a second, with what vacuum has not yet taken.
const BLOAT_MB_MAX = 20;
const WORKER_ROWS_MAX = 6;
const LIMIT_ROWS_MAX = 20;

export async function runSoak({
  programs,
  minutes,
  perSecond,
  seed,
  onSample,
}: SoakOptions): Promise<SoakReport> {
  const load = {
    clients: CLIENTS,
    peoplePerClient: Math.ceil((perSecond * SECONDS_PER_PERSON) / CLIENTS),
    perSecond,
  };
  const run = await FaultRun.start({ programs }, load);
  try {
    const over = new AbortController();
    const samples: Sample[] = [];
    const sampling = sample(run, samples, over.signal, onSample);
    const kills = await killNowAndThen(run, new Dice(seed), systemClock.now() + minutes * 60_000);
    over.abort();
    await sampling;
    const { acknowledged } = run.senders;
    const { verdict, books } = await run.settle(ARRIVAL_MS);
    const report = summarise(samples);
    const { cluster } = run;
    const crashes = [cluster.hubspot, ...cluster.ingests, ...cluster.workers].reduce(
      (sum, { endedByItself }) => sum + endedByItself,
      0,
    );
    const lost = verdict.lost + Math.max(0, run.senders.acknowledged - books.events);
    return {
      minutes,
      events_per_s: Math.round(acknowledged / (minutes * 60)),
      acknowledged: run.senders.acknowledged,
      lost,
      order_violations: verdict.orderViolations,
      duplicates: verdict.duplicates,
      kills,
      crashes,
      ...report,
      violations: [
        ...(lost > 0 ? [`${String(lost)} acknowledged events were lost`] : []),
        ...(verdict.orderViolations > 0
          ? [`order was violated ${String(verdict.orderViolations)} times`]
          : []),
        ...(crashes > 0 ? [`${String(crashes)} processes ended by themselves`] : []),
        ...(books.parked > 0 ? [`${String(books.parked)} inputs are parked still`] : []),
        ...complaints(report),
      ],
    };
  } finally {
    await run.close();
  }
}

/** The processes that are never killed. */
function spared({ cluster }: FaultRun): readonly KillableProcess[] {
  return [...cluster.ingests.slice(0, 1), ...cluster.workers.slice(0, 1)];
}

async function killNowAndThen(run: FaultRun, dice: Dice, endMs: number): Promise<number> {
  const { cluster } = run;
  const others = [...cluster.ingests.slice(1), ...cluster.workers.slice(1), cluster.hubspot];
  for (let kills = 0; ; kills += 1) {
    const waitMs = dice.whole(KILL_EVERY_MS.from, KILL_EVERY_MS.to);
    await systemClock.sleep(Math.min(waitMs, endMs - systemClock.now()));
    if (systemClock.now() >= endMs) return kills;
    const victim = dice.whole(0, others.length);
    const downMs = dice.whole(DOWN_MS.from, DOWN_MS.to);
    const process = others[victim];
    await (process ?? cluster.postgres).kill();
    await systemClock.sleep(downMs);
    if (process === undefined) await cluster.postgres.restart();
    await Promise.all(others.map((each) => each.start()));
  }
}

async function sample(
  run: FaultRun,
  samples: Sample[],
  over: AbortSignal,
  onSample: (line: string) => void = () => undefined,
): Promise<void> {
  const startedMs = systemClock.now();
  for (;;) {
    await systemClock.sleep(SAMPLE_EVERY_MS, over);
    if (over.aborted) return;
    // The database may be down at this moment; the next sample tells as much.
    const taken = await takeSample(
      Math.round((systemClock.now() - startedMs) / 1_000),
      run.cluster.pool,
      spared(run),
    ).catch(() => undefined);
    if (taken === undefined) continue;
    samples.push(taken);
    onSample(
      `${tell(taken)} · ${String(run.senders.acknowledged)} acknowledged · ${String(run.judge.openCount())} open`,
    );
  }
}

function tell({ atSeconds, processes, connections, rows, bloatMb, databaseMb }: Sample): string {
  return [
    `${String(atSeconds).padStart(5)} s`,
    ...Object.entries(processes).map(
      ([name, { rssMb, heapMb, fileHandles }]) =>
        `${name} ${rssMb.toFixed(0)} MB (heap ${heapMb.toFixed(0)}), ${String(fileHandles)} handles`,
    ),
    `${String(connections)} connections`,
    Object.entries(rows)
      .map(([table, count]) => `${table} ${String(count)}`)
      .join(' '),
    `${bloatMb.toFixed(1)} of ${databaseMb.toFixed(0)} MB`,
  ].join(' · ');
}

type Summary = Pick<
  SoakReport,
  | 'rss_mb'
  | 'rss_rise_mb'
  | 'heap_rise_mb'
  | 'file_handles_rise'
  | 'connections_max'
  | 'connections_rise'
  | 'rows_max'
  | 'bloat_mb'
  | 'database_mb'
>;

function summarise(samples: readonly Sample[]): Summary {
  const late = samples.slice(Math.floor(samples.length / 3));
  const names = Object.keys(samples[0]?.processes ?? {});
  const each = (figure: (name: string) => number): Readonly<Record<string, number>> =>
    Object.fromEntries(names.map((name) => [name, rounded(figure(name))]));
  const of = (name: string, key: 'rssMb' | 'heapMb' | 'fileHandles'): readonly number[] =>
    late.map(({ processes }) => processes[name]?.[key] ?? Number.NaN).filter((value) => !Number.isNaN(value));
  const tables = Object.keys(samples[0]?.rows ?? {});
  const last = samples.at(-1);
  return {
    rss_mb: each((name) => average(of(name, 'rssMb'))),
    rss_rise_mb: each((name) => riseOf(of(name, 'rssMb'))),
    heap_rise_mb: each((name) => riseOf(of(name, 'heapMb'))),
    file_handles_rise: each((name) => riseOf(of(name, 'fileHandles'))),
    connections_max: Math.max(...samples.map(({ connections }) => connections)),
    connections_rise: rounded(riseOf(late.map(({ connections }) => connections))),
    rows_max: Object.fromEntries(
      tables.map((table) => [table, Math.max(...samples.map(({ rows }) => rows[table] ?? 0))]),
    ),
    bloat_mb: rounded(last?.bloatMb ?? 0),
    database_mb: rounded(last?.databaseMb ?? 0),
  };
}

function complaints(summary: Summary): readonly string[] {
  const above = (what: string, values: Readonly<Record<string, number>>, limit: number): readonly string[] =>
    Object.entries(values)
      .filter(([, value]) => value > limit)
      .map(([name, value]) => `${what} of ${name}: ${String(value)}, above ${String(limit)}`);
  const { workers = 0, limits = 0 } = summary.rows_max;
  return [
    ...above('the rise of memory', summary.rss_rise_mb, RISE_MB_MAX),
    ...above('the rise of file handles', summary.file_handles_rise, HANDLES_RISE_MAX),
    ...above('the rise of connections', { 'all processes': summary.connections_rise }, CONNECTIONS_RISE_MAX),
    ...above('the rows', { workers }, WORKER_ROWS_MAX),
    ...above('the rows', { limits }, LIMIT_ROWS_MAX),
    ...above('the megabytes', { 'tables updated in place': summary.bloat_mb }, BLOAT_MB_MAX),
  ];
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
