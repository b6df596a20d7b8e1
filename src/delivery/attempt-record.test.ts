import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aPart } from '../../test/support/a-part.ts';
import { ATTEMPT_SPAN_MAX, attemptItems, gatherRuns, toAttemptRows } from './attempt-record.ts';
import type { AttemptItem, Run } from './attempt-record.ts';

function anItem(position: number, outcome: AttemptItem['outcome'] = 'delivered'): AttemptItem {
  return { position, eventId: `e${String(position)}`, attempt: 1, outcome };
}

function aRun(items: readonly AttemptItem[]): Run {
  return { flow: 'f', action: 'a', startedAtMs: 0, durationMs: 1, items, exchanges: [] };
}

test('every item stands in exactly one row, and no row spans more than the search looks at', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 60 }),
      (positions) => {
        const rows = toAttemptRows(aRun(positions.map((position) => anItem(position))));
        const found = rows.flatMap((row) => {
          const items = (JSON.parse(row.items) as AttemptItem[]).map(({ position }) => position);
          expect(row.lastPosition - row.firstPosition).toBeLessThan(ATTEMPT_SPAN_MAX);
          expect([row.firstPosition, row.lastPosition]).toEqual([items[0], items.at(-1)]);
          return items;
        });
        expect(found).toEqual([...positions].sort((a, b) => a - b));
      },
    ),
  );
});

test('a run of nothing makes no row', () => {
  expect(toAttemptRows(aRun([]))).toEqual([]);
});

test('a row counts its items by outcome; what waits counts as to be tried again', () => {
  const outcomes = ['delivered', 'skipped', 'deferred', 'retry', 'rejected', 'suspended'] as const;
  const [row] = toAttemptRows(aRun(outcomes.map((outcome, index) => anItem(index + 1, outcome))));
  expect(row).toMatchObject({ deliveredCount: 1, skippedCount: 1, retryCount: 3, rejectedCount: 1 });
});

test('a merged input puts each of its events on record, with the attempt and the notes of each', () => {
  const part = aPart({ position: 1, eventId: 'one', input: {}, attempts: 2, notes: ['left out x'] });
  const parts = [part, { ...part, position: 2, eventId: 'two', attempts: 0, notes: [] }] as const;
  expect(attemptItems({ parts }, { kind: 'delivered', remoteId: '9', notes: ['cut y'] })).toEqual([
    {
      position: 1,
      eventId: 'one',
      attempt: 3,
      outcome: 'delivered',
      remoteId: '9',
      notes: ['left out x', 'cut y'],
    },
    {
      position: 2,
      eventId: 'two',
      attempt: 1,
      outcome: 'delivered',
      remoteId: '9',
      notes: ['cut y'],
      mergedInto: 1,
    },
  ]);
});

test('runs of one input each share rows, and each item still has its own exchange', () => {
  const exchangeOf = (position: number) => ({
    method: 'POST',
    url: `/${String(position)}`,
    requestBody: '',
    startedAt: '',
    durationMs: 0,
  });
  const flows = fc.constantFrom('f', 'g');
  const runs = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 200_000 }), flows, fc.boolean()), {
    selector: ([position]) => position,
    maxLength: 200,
  });
  fc.assert(
    fc.property(runs, (specs) => {
      const gathered = gatherRuns(
        specs.map(([position, flow, isSent]) => ({
          ...aRun([anItem(position)]),
          flow,
          exchanges: isSent ? [exchangeOf(position)] : [],
        })),
      );
      const told = gathered.flatMap(({ flow, items, exchanges }) => {
        const positions = items.map(({ position }) => position);
        expect(Math.max(...positions) - Math.min(...positions)).toBeLessThan(ATTEMPT_SPAN_MAX);
        return items.map(({ position, exchange }) => {
          const own = exchange === undefined ? exchanges[0] : exchanges[exchange];
          return [position, flow, own?.url] as const;
        });
      });
      const expected = specs.map(
        ([position, flow, isSent]) => [position, flow, isSent ? `/${String(position)}` : undefined] as const,
      );
      const byPosition = (a: readonly [number, ...unknown[]], b: readonly [number, ...unknown[]]): number =>
        a[0] - b[0];
      expect(told.sort(byPosition)).toEqual(expected.sort(byPosition));
    }),
  );
  const many = Array.from({ length: 120 }, (_, index) => aRun([anItem(index + 1)]));
  expect(gatherRuns(many).map(({ items }) => items.length)).toEqual([50, 50, 20]);
});
