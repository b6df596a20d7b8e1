/**
 * Short stories that provoke one defect each, for builds that are broken on purpose and, as the control, for the one
 * that is not. They are judged by the same judge as the crash matrix.
 */
import { systemClock } from '../../src/kernel/clock.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { slowCommitsDown } from '../support/slow-commits.ts';
import type { ClusterOptions, Programs } from './cluster.ts';
import { FaultRun } from './fault-run.ts';
import type { Load } from './fault-run.ts';
import { breakBuild } from './sabotage.ts';
import type { Sabotage } from './sabotage.ts';

export interface ScenarioReport {
  readonly acknowledged: number;
  readonly lost: number;
  readonly order_violations: number;
  readonly duplicates: number;
  readonly duplicates_bound: number;
  /** What is wrong, in words; empty for a sound build. */
  readonly violations: readonly string[];
}

interface Scenario {
  readonly cluster: Omit<ClusterOptions, 'programs'>;
  readonly load: Load;
  /** Does harm; returns how many events may come again because of it. */
  readonly play: (run: FaultRun) => Promise<number>;
}

const SENDING_MS = 4_000;
const PAUSED_MS = 11_000;
const ARRIVAL_MS = 40_000;

const SCENARIOS: Readonly<Record<Sabotage, Scenario>> = {
  // Calls that take up to two seconds are under way when the only worker dies.
  'cursor-before-settle': {
    cluster: { ingests: 1, workers: 1, shards: 1, latencyMs: 2_000 },
    load: { clients: 2, peoplePerClient: 200, perSecond: 400 },
    play: async (run) => {
      await systemClock.sleep(SENDING_MS);
      for (const worker of run.cluster.workers) await worker.kill();
      const exposed = await run.exposed();
      for (const worker of run.cluster.workers) await worker.start();
      return exposed;
    },
  },
  // The owner stands still for longer than its lease, as in a long pause of its machine, and wakes up in the middle of
  // what another does by then.
  'fencing-off': {
    cluster: { ingests: 1, workers: 2, shards: 2, latencyMs: 200 },
    load: { clients: 2, peoplePerClient: 60, perSecond: 200 },
    play: async (run) => {
      await systemClock.sleep(SENDING_MS);
      for (const worker of run.cluster.workers.slice(0, 1)) worker.pause();
      // What it has under way now comes again from whoever takes over.
      const exposed = await run.exposed();
      await systemClock.sleep(PAUSED_MS);
      for (const worker of run.cluster.workers) worker.resume();
      await systemClock.sleep(SENDING_MS);
      return exposed;
    },
  },
  'position-gap': {
    cluster: { ingests: 3, workers: 1, shards: 1 },
    load: { clients: 6, peoplePerClient: 60, perSecond: 400 },
    play: async (run) => {
      await slowCommitsDown(run.cluster.pool);
      await systemClock.sleep(SENDING_MS);
      return 0;
    },
  },
};

/** Plays the story that provokes a defect, on a build that has it or, with `isSound`, on one that has not. */
export async function playScenario(
  programs: Programs,
  sabotage: Sabotage,
  { isSound = false }: { readonly isSound?: boolean } = {},
): Promise<ScenarioReport> {
  const folder = makeTemporaryFolder();
  try {
    const linchpin = isSound ? programs.linchpin : breakBuild(programs.linchpin, sabotage, folder);
    return await play({ ...programs, linchpin }, SCENARIOS[sabotage]);
  } finally {
    removeFolder(folder);
  }
}

async function play(programs: Programs, { cluster, load, play: doHarm }: Scenario): Promise<ScenarioReport> {
  const run = await FaultRun.start({ ...cluster, programs }, load);
  try {
    const bound = await doHarm(run);
    const { verdict, books } = await run.settle(ARRIVAL_MS);
    const { acknowledged } = run.senders;
    const missing = Math.max(0, acknowledged - books.events);
    const findings: readonly (readonly [count: number, what: string])[] = [
      [missing, 'acknowledged events are not in the log'],
      [verdict.lost, 'acknowledged events never reached the vendor'],
      [verdict.overtaken, 'values were overtaken by later ones'],
      [verdict.overlaps, 'calls for a person were made while another was under way'],
      [verdict.stale, 'people were left with an older value than the vendor had had'],
      [Math.max(0, verdict.duplicates - bound), 'values were sent again that were not in flight'],
    ];
    return {
      acknowledged,
      lost: verdict.lost + missing,
      order_violations: verdict.orderViolations,
      duplicates: verdict.duplicates,
      duplicates_bound: bound,
      violations: findings.filter(([count]) => count > 0).map(([count, what]) => `${String(count)} ${what}`),
    };
  } finally {
    await run.close();
  }
}
