import { expect, test } from 'vitest';
import { buildPrograms } from './programs.ts';
import type { Sabotage } from './sabotage.ts';
import { playScenario } from './scenarios.ts';

/** What the harness must say of the broken build. */
const FINDINGS: readonly (readonly [Sabotage, RegExp])[] = [
  ['cursor-before-settle', /never reached the vendor/],
  ['fencing-off', /sent again that were not in flight/],
  ['position-gap', /never reached the vendor/],
];

// Half a minute each on two cores that do little else (2026-11).
const BUSY_MS = 300_000;

test.each(FINDINGS)(
  'a build with %s is found out, and the real one stands the same story',
  async (sabotage, finding) => {
    const programs = await buildPrograms();
    const [broken, sound] = await bothOf(
      playScenario(programs, sabotage),
      playScenario(programs, sabotage, { isSound: true }),
    );
    expect(broken.violations.join('; ')).toMatch(finding);
    expect(sound.violations).toEqual([]);
  },
  BUSY_MS,
);

/** Waits for both to end, also when one fails: the other must have stopped its processes before the test is over. */
async function bothOf<T>(first: Promise<T>, second: Promise<T>): Promise<readonly [T, T]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
