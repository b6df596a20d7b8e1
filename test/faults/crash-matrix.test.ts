import { expect, test } from 'vitest';
import { runCrashMatrix } from './crash-matrix.ts';
import { buildPrograms } from './programs.ts';
import { planRounds } from './schedule.ts';

// A seed whose eight rounds kill each kind of process. `npm run faults -- --rounds 200` is the long run.
const SEED = 10;
const ROUNDS = 8;
// Half a minute on two idle cores (2026-11); five processes start anew in it, which a busy machine does slowly.
const BUSY_MS = 300_000;

test(
  'SIGKILL of ingest, workers, PostgreSQL and the vendor, round after round, loses nothing and leaves no stale value',
  async () => {
    const report = await runCrashMatrix({ programs: await buildPrograms(), rounds: ROUNDS, seed: SEED });
    process.stdout.write(`${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({
      rounds: ROUNDS,
      lost: 0,
      order_violations: 0,
      crashes: 0,
      dead_letters: 0,
    });
    expect(Object.keys(report.by_victim).sort()).toEqual(['hubspot', 'ingest', 'postgres', 'worker']);
    expect(report.acknowledged).toBeGreaterThan(ROUNDS * 100);
    expect(report.duplicates).toBeLessThanOrEqual(report.duplicates_bound);
  },
  BUSY_MS,
);

test('the same seed kills the same processes at the same moments', () => {
  const places = { ingests: 2, workers: 2 };
  expect(planRounds(SEED, 50, places)).toEqual(planRounds(SEED, 50, places));
  expect(planRounds(SEED, 50, places)).not.toEqual(planRounds(SEED + 1, 50, places));
});
