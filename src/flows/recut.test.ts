import fc from 'fast-check';
import { expect, test } from 'vitest';
import { recut } from './recut.ts';
import type { ShardCursor } from './recut.ts';

const SLOTS = 64;
const POSITION_MAX = 60;

/** Whether an event is finished or parked, as a reader of these cursors sees it. */
function isFinished(cursors: readonly ShardCursor[], slot: number, position: number): boolean {
  const cursor = cursors.find(({ slots }) => slots.from <= slot && slot < slots.to);
  if (cursor === undefined) throw new Error(`Nobody reads slot ${String(slot)}.`);
  return (
    position <= cursor.position ||
    cursor.done.some(
      (range) =>
        range.slotFrom <= slot && slot < range.slotTo && range.first <= position && position <= range.last,
    )
  );
}

function finishedOf(cursors: readonly ShardCursor[]): readonly string[] {
  return Array.from({ length: SLOTS }, (_, slot) =>
    Array.from({ length: POSITION_MAX }, (_none, index) =>
      isFinished(cursors, slot, index + 1) ? 'x' : '.',
    ).join(''),
  );
}

const position = fc.integer({ min: 0, max: POSITION_MAX });

const progress = fc.record({
  position,
  done: fc.array(
    fc.record({
      slotFrom: fc.integer({ min: 0, max: SLOTS - 1 }),
      slotCount: fc.integer({ min: 1, max: SLOTS }),
      first: position,
      length: fc.integer({ min: 0, max: 10 }),
    }),
    { maxLength: 4 },
  ),
});

const cursors = fc.array(progress, { minLength: 1, maxLength: 16 }).map((all): readonly ShardCursor[] =>
  all.map(({ position: at, done }, shard) => {
    const slots = {
      from: Math.floor((shard * SLOTS) / all.length),
      to: Math.floor(((shard + 1) * SLOTS) / all.length),
    };
    return {
      slots,
      position: at,
      // A shard knows of its own slots only, and of what lies beyond its cursor.
      done: done
        .map(({ slotFrom, slotCount, first, length }) => ({
          slotFrom: Math.max(slots.from, slotFrom),
          slotTo: Math.min(slots.to, slotFrom + slotCount),
          first: Math.max(at + 1, first),
          last: first + length,
        }))
        .filter((range) => range.slotFrom < range.slotTo && range.first <= range.last),
    };
  }),
);

const count = fc.integer({ min: 1, max: 16 });

test('every event is finished after a cut exactly when it was before, cut after cut', () => {
  fc.assert(
    fc.property(cursors, fc.array(count, { minLength: 1, maxLength: 4 }), (before, counts) => {
      const after = counts.reduce<readonly ShardCursor[]>(recut, before);
      expect(after).toHaveLength(counts.at(-1) ?? 0);
      expect(finishedOf(after)).toEqual(finishedOf(before));
    }),
    { numRuns: 50 },
  );
});

test('each slot has one reader, and shares differ by one slot at the most', () => {
  fc.assert(
    fc.property(count, (shards) => {
      const cut = recut([{ slots: { from: 0, to: SLOTS }, position: 7, done: [] }], shards);
      const sizes = cut.map(({ slots }) => slots.to - slots.from);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(SLOTS);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(cut.map(({ slots }) => slots.from)).toEqual([
        0,
        ...cut.slice(0, -1).map(({ slots }) => slots.to),
      ]);
    }),
  );
});

test('what is cut and joined again without progress is as it was', () => {
  const whole: ShardCursor = {
    slots: { from: 0, to: SLOTS },
    position: 7,
    done: [{ slotFrom: 0, slotTo: SLOTS, first: 9, last: 12 }],
  };
  expect(recut(recut([whole], 4), 1)).toEqual([whole]);
});
