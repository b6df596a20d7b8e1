/**
 * The crash matrix: round after round one process, now and then two, die by SIGKILL at a random moment and are started
 * again, while senders go on. Nothing waits for recovery between the rounds but the processes' own start; now and
 * then the run pauses its kills until all that was acknowledged by then has arrived.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import type { Programs } from './cluster.ts';
import { FaultRun } from './fault-run.ts';
import type { KillableProcess } from './killable-process.ts';
import { planRounds } from './schedule.ts';
import type { Round, Victim } from './schedule.ts';

export interface CrashMatrixOptions {
  readonly programs: Programs;
  readonly rounds: number;
  readonly seed: number;
  readonly perSecond?: number;
  /** Told of each round when it is over. */
  readonly onRound?: (line: string) => void;
}

export interface CrashReport {
  readonly rounds: number;
  readonly seed: number;
  /** Processes killed; PostgreSQL with its children counts as one. */
  readonly kills: number;
  /** Events answered with success, those included that no flow wants. */
  readonly acknowledged: number;
  /** Of these, what the log or the vendor does not have at the end. */
  readonly lost: number;
  readonly order_violations: number;
  /** Of these: values that a later one overtook, calls that met, people left with an older value. */
  readonly overtaken: number;
  readonly overlaps: number;
  readonly stale: number;
  readonly examples: readonly string[];
  /** Values that reached the vendor once more. */
  readonly duplicates: number;
  /** What was in flight, delivered and not on record, when a process was killed; summed over the rounds. */
  readonly duplicates_bound: number;
  readonly deliveries: number;
  readonly dead_letters: number;
  /** Processes that ended without having been killed. */
  readonly crashes: number;
  /** Calls of senders that were not acknowledged at first. */
  readonly repeated_calls: number;
  readonly by_victim: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const INGESTS = 2;
const WORKERS = 2;
const LOAD = { clients: 4, peoplePerClient: 150, perSecond: 200 };

// A lease of a dead worker runs out after 9 s, and a breaker that opened meanwhile may wait for some seconds more.
const ARRIVAL_MS = 60_000;
const ROUNDS_BETWEEN_LOOKS = 25;

export async function runCrashMatrix(options: CrashMatrixOptions): Promise<CrashReport> {
  const { programs, rounds, seed, perSecond = LOAD.perSecond, onRound = () => undefined } = options;
  const startedMs = systemClock.now();
  const run = await FaultRun.start({ programs, ingests: INGESTS, workers: WORKERS }, { ...LOAD, perSecond });
  const killed: Victim[] = [];
  let exposed = 0;
  try {
    const planned = planRounds(seed, rounds, { ingests: INGESTS, workers: WORKERS });
    for (const [index, round] of planned.entries()) {
      exposed += await playRound(run, round);
      killed.push(...round.victims);
      onRound(`${new Date().toISOString()} ${tell(run, index + 1, round, systemClock.now() - startedMs)}`);
      if ((index + 1) % ROUNDS_BETWEEN_LOOKS === 0 && !(await run.arrived(ARRIVAL_MS))) break;
    }
    const { verdict, books } = await run.settle(ARRIVAL_MS);
    const processes = processesOf(run);
    if (verdict.lost > 0) {
      for (const each of processes)
        onRound(`── the last words of ${each.name}:\n${each.output().slice(-2_000)}`);
    }
    return {
      rounds: planned.length,
      seed,
      kills: killed.length,
      acknowledged: run.senders.acknowledged,
      lost: verdict.lost + Math.max(0, run.senders.acknowledged - books.events),
      order_violations: verdict.orderViolations,
      overtaken: verdict.overtaken,
      overlaps: verdict.overlaps,
      stale: verdict.stale,
      examples: verdict.examples,
      duplicates: verdict.duplicates,
      duplicates_bound: exposed,
      deliveries: verdict.deliveries,
      dead_letters: books.deadLetters,
      crashes: processes.reduce((sum, { endedByItself }) => sum + endedByItself, 0),
      repeated_calls: run.senders.repeated,
      by_victim: countEach(killed.map((victim) => victim.replace(/-\d+$/, ''))),
      seconds: Math.round((systemClock.now() - startedMs) / 1_000),
    };
  } finally {
    await run.close();
  }
}

/** Returns how many events were in flight when the victims died. */
async function playRound(run: FaultRun, { victims, afterMs, downMs }: Round): Promise<number> {
  const { postgres } = run.cluster;
  await systemClock.sleep(afterMs);
  await Promise.all(victims.map((victim) => kill(run, victim)));
  await systemClock.sleep(downMs);
  // The others cannot start without it.
  await postgres.restart();
  const exposed = await run.exposed();
  await Promise.all(processesOf(run).map((each) => each.start()));
  // Senders repeat what an ingest did not answer, and the log drops it: that duplicates nothing.
  return victims.every((victim) => victim.startsWith('ingest')) ? 0 : exposed;
}

function kill(run: FaultRun, victim: Victim): Promise<void> {
  if (victim === 'postgres') return run.cluster.postgres.kill();
  const found = processesOf(run).find(({ name }) => name === victim);
  if (found === undefined) throw new RangeError(`There is no ${victim}.`);
  return found.kill();
}

function processesOf({ cluster }: FaultRun): readonly KillableProcess[] {
  return [cluster.hubspot, ...cluster.ingests, ...cluster.workers];
}

function tell(run: FaultRun, number: number, { victims }: Round, elapsedMs: number): string {
  const { judge, senders } = run;
  return [
    `round ${String(number)}: ${victims.join(' and ')}`,
    `${(elapsedMs / 1_000).toFixed(1)} s`,
    `${String(senders.acknowledged)} acknowledged`,
    `${String(judge.openCount())} open`,
    `${String(judge.duplicates)} duplicates`,
  ].join(' · ');
}

function countEach(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
