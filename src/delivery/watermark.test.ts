import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Watermark } from './watermark.ts';

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

test('an event counts as begun with the first of its works, so that no flow sends it twice', () => {
  const mark = new Watermark(10);
  mark.read(11, 2);
  mark.read(12, 1);
  mark.finish(11);
  expect([mark.value, mark.highestSettled]).toEqual([10, 11]);
  mark.finish(12);
  expect([mark.value, mark.highestSettled]).toEqual([10, 12]);
});
