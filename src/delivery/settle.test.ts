import { expect, test } from 'vitest';
import { aPart } from '../../test/support/a-part.ts';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { Flow } from '../flows/workspace.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { AnyPreset } from '../kit/index.ts';
import { settle } from './settle.ts';
import type { Settlement } from './settle.ts';
import { newWork } from './work.ts';
import type { Part, Work } from './work.ts';

const [preset] = makeTestConnector().presets as readonly [AnyPreset];
const flow: Flow = { name: 'put', preset, source: 'site', options: {} };
const fault = { code: 'test.refused', message: 'No.' };
const clock = makeManualClock(1_000);
const context = { clock, random: () => 0.5, schedule: { attemptsMax: 3, firstWaitMs: 100, factor: 2 } };

function partAt(position: number, attempts = 0): Part {
  return aPart({ position, input: { key: 'a', values: [position] }, attempts });
}

function aWork(...parts: readonly [Part, ...Part[]]): Work {
  return { ...newWork(flow, parts[0], 0), parts };
}

/** The settlement with positions in place of parts and works. */
function brief(settlement: Settlement): unknown {
  const positions = (parts: readonly Part[]): number[] => parts.map(({ position }) => position);
  switch (settlement.kind) {
    case 'finished':
      return settlement;
    case 'requeued':
      return { works: settlement.works.map(({ parts, isAlone }) => [positions(parts), isAlone]) };
    case 'failed':
      return {
        parked: positions(settlement.parked),
        dead: positions(settlement.dead),
        dueAtMs: settlement.dueAtMs,
      };
  }
}

const single = aWork(partAt(1));
const merged = aWork(partAt(1), partAt(2));

test.each<[string, Work, Outcome, unknown]>([
  ['delivered is finished', merged, { kind: 'delivered' }, { kind: 'finished' }],
  ['skipped is finished', single, { kind: 'skipped', reason: '' }, { kind: 'finished' }],
  [
    'deferred goes back whole',
    merged,
    { kind: 'deferred', waitMs: 5, reason: '' },
    { works: [[[1, 2], false]] },
  ],
  ['suspended goes back whole', merged, { kind: 'suspended', fault }, { works: [[[1, 2], false]] }],
  ['rejected alone is dead', single, { kind: 'rejected', fault }, { parked: [], dead: [1], dueAtMs: 0 }],
  [
    'rejected merged is tried one by one',
    merged,
    { kind: 'rejected', fault },
    {
      works: [
        [[1], true],
        [[2], true],
      ],
    },
  ],
  ['a first failure waits', single, { kind: 'retry', fault }, { parked: [1], dead: [], dueAtMs: 1_050 }],
  [
    'a second failure waits longer',
    aWork(partAt(1, 1)),
    { kind: 'retry', fault },
    { parked: [1], dead: [], dueAtMs: 1_100 },
  ],
  [
    'the last attempt is the end',
    aWork(partAt(1, 2)),
    { kind: 'retry', fault },
    { parked: [], dead: [1], dueAtMs: 1_050 },
  ],
  [
    'merged inputs spend their own attempts, and those that go on wait by their own count',
    aWork(partAt(1, 2), partAt(2, 0)),
    { kind: 'retry', fault },
    { parked: [2], dead: [1], dueAtMs: 1_050 },
  ],
  [
    'the vendor may ask for more',
    single,
    { kind: 'retry', fault, waitMs: 700 },
    { parked: [1], dead: [], dueAtMs: 1_700 },
  ],
])('%s', (_, work, outcome, expected) => {
  expect(brief(settle(work, outcome, context))).toEqual(expected);
});

test('only a retry and a rejection spend an attempt', () => {
  const back = settle(single, { kind: 'deferred', waitMs: 0, reason: '' }, context);
  expect(back).toMatchObject({ works: [{ parts: [{ attempts: 0 }] }] });
  expect(settle(single, { kind: 'retry', fault }, context)).toMatchObject({ parked: [{ attempts: 1 }] });
});
