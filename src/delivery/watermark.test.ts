import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Watermark } from './watermark.ts';
import type { Stretch } from './watermark.ts';

test('in whatever order works finish, the mark is the highest position with everything below it finished', () => {
  const reads = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 5 }), workCount: fc.nat(3) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(reads, fc.infiniteStream(fc.nat(1_000)), (events, dice) => {
      const start = 100;
      const mark = new Watermark(start);
      const open: number[] = [];
      const positions: number[] = [];
      const check = (): void => {
        const firstOpen = Math.min(...open);
        const passed = positions.filter((position) => position < firstOpen);
        expect(mark.value).toBe(passed.at(-1) ?? start);
        expect(mark.pendingCount).toBe(positions.length - passed.length);
      };
      const finishOne = (): void => {
        const [position] = open.splice((dice.next().value as number) % open.length, 1);
        if (position !== undefined) mark.finish(position);
        check();
      };
      let position = start;
      for (const { gap, workCount } of events) {
        position += gap;
        positions.push(position);
        open.push(...Array.from({ length: workCount }, () => position));
        mark.read(position, workCount);
        check();
        if ((dice.next().value as number) % 2 === 0 && open.length > 0) finishOne();
      }
      while (open.length > 0) finishOne();
      expect(mark.pendingCount).toBe(0);
    }),
  );
});

test('a position that was never read here, such as a parked one, changes nothing', () => {
  const mark = new Watermark(10);
  mark.read(12, 1);
  mark.finish(11);
  mark.finish(5);
  expect(mark.value).toBe(10);
});

test('an event is begun from the first of its works to the last', () => {
  const mark = new Watermark(10);
  mark.read(11, 2);
  expect(mark.isBegun(11)).toBe(false);
  mark.finish(11);
  expect([mark.value, mark.isBegun(11)]).toEqual([10, true]);
  mark.finish(11);
  expect([mark.value, mark.isBegun(11)]).toEqual([11, false]);
});

test('what is finished beyond the mark is told in stretches, and never an event that is not', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }),
      fc.infiniteStream(fc.boolean()),
      fc.integer({ min: 1, max: 40 }),
      (read, dice, limit) => {
        const positions = read.sort((a, b) => a - b);
        const mark = new Watermark(0);
        for (const position of positions) mark.read(position, 1);
        const finished = positions.filter(() => dice.next().value);
        for (const position of finished) mark.finish(position);
        const isIn = (stretches: readonly Stretch[], position: number): boolean =>
          stretches.some(({ first, last }) => position >= first && position <= last);
        const all = mark.doneBeyond(Infinity);
        for (const position of positions) {
          const isTold = position <= mark.value || isIn(all, position);
          expect(isTold, String(position)).toBe(finished.includes(position));
        }
        const few = mark.doneBeyond(limit);
        expect(few.length).toBeLessThanOrEqual(limit);
        for (const position of positions) expect(isIn(few, position) && !isIn(all, position)).toBe(false);
      },
    ),
  );
});

test('the bytes of events that wait are known until the mark has passed them', () => {
  const mark = new Watermark(0);
  mark.read(1, 1, 100);
  mark.read(2, 1, 50);
  mark.finish(2);
  expect(mark.pendingBytes).toBe(150);
  mark.finish(1);
  expect(mark.pendingBytes).toBe(0);
});
