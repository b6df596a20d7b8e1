import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReadEvent } from './event-log.ts';
import { READ_ENOUGH, SharedReads } from './shared-reads.ts';

const ALL = { from: 0, to: 64 };

function anEvent(position: number): ReadEvent {
  return {
    position,
    id: String(position),
    source: 'site',
    type: 'identify',
    name: null,
    personKey: 'ada',
    occurredAt: '2026-11-21T12:00:00.000Z',
    receivedAt: '2026-11-21T12:00:00.000Z',
    size: 1_000,
    payload: {},
  };
}

/** A log of positions 1 to `head`, which counts how often it is read. */
function makeLog(head: number) {
  const reads = new SharedReads();
  const log = {
    head,
    fetchCount: 0,
    read: (position: number, limit: number, slots = ALL): Promise<readonly ReadEvent[]> =>
      reads.read(
        { position, slots },
        (events) => events.slice(0, limit),
        () => {
          log.fetchCount += 1;
          const count = Math.max(0, Math.min(limit, log.head - position));
          return Promise.resolve(Array.from({ length: count }, (_, index) => anEvent(position + 1 + index)));
        },
      ),
  };
  return log;
}

test('readers that are at one place fetch it once', async () => {
  const log = makeLog(10_000);
  await log.read(0, 500);
  await log.read(0, 500);
  expect(log.fetchCount).toBe(2);
  const [first, second] = await Promise.all([log.read(500, 500), log.read(500, 500)]);
  expect(log.fetchCount).toBe(3);
  expect(second).toEqual(first);
});

test('a reader that lags a little gets the rest of what the other has read', async () => {
  const log = makeLog(10_000);
  await log.read(0, 500);
  await log.read(0, 500);
  await log.read(500, 500);
  const rest = await log.read(700, 500);
  expect(rest.map(({ position }) => position)).toEqual(
    Array.from({ length: 300 }, (_, index) => 701 + index),
  );
  expect(log.fetchCount).toBe(3);
});

test('what a lone reader reads is not held in memory', async () => {
  const log = makeLog(10_000);
  for (let position = 0; position < 5_000; position += 500) await log.read(position, 500);
  // The second reader of a place finds nothing of it kept, and is what begins the sharing.
  await log.read(0, 500);
  expect(log.fetchCount).toBe(11);
});

test('a reader of other slots shares nothing', async () => {
  const log = makeLog(10_000);
  await log.read(0, 500);
  await log.read(0, 500);
  await log.read(500, 500);
  await log.read(500, 500, { from: 0, to: 32 });
  expect(log.fetchCount).toBe(4);
});

test('a fetch that fails fails for the one who made it; the other tries for itself', async () => {
  const reads = new SharedReads();
  const enough = Array.from({ length: READ_ENOUGH }, (_, index) => anEvent(index + 1));
  const place = { position: 0, slots: ALL };
  const asTheyAre = (events: readonly ReadEvent[]): readonly ReadEvent[] => events;
  await reads.read(place, asTheyAre, () => Promise.resolve(enough));
  await reads.read(place, asTheyAre, () => Promise.resolve(enough));
  const fresh = { position: 1_000, slots: ALL };
  const failing = reads.read(fresh, asTheyAre, () => Promise.reject(new Error('away')));
  const other = reads.read(fresh, asTheyAre, () => Promise.resolve([anEvent(1_001)]));
  await expect(failing).rejects.toThrow('away');
  expect(await other).toEqual([anEvent(1_001)]);
});

test('whoever reads, and however the log grows, gets every event in order, and all there are when they are few', async () => {
  const steps = fc.array(
    fc.record({ reader: fc.nat(3), limit: fc.integer({ min: 1, max: 300 }), grows: fc.nat(200) }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const log = makeLog(1);
      const positions = [0, 0, 0, 0];
      for (const { reader, limit, grows } of taken) {
        log.head += grows;
        const from = positions[reader] ?? 0;
        const events = await log.read(from, limit);
        expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => from + 1 + index));
        if (events.length < Math.min(limit, READ_ENOUGH)) expect(from + events.length).toBe(log.head);
        positions[reader] = from + events.length;
      }
    }),
  );
});
