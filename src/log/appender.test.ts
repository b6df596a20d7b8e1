import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NewEvent } from '../kernel/event.ts';
import { systemClock } from '../kernel/clock.ts';
import { Appender } from './appender.ts';
import type { AppendReceipt } from './event-log.ts';

class Refused extends Error {}

function anEvent(id: string): NewEvent {
  const at = '2026-11-21T12:00:00.000Z';
  return {
    id,
    source: 's',
    type: 'track',
    name: null,
    personKey: '',
    occurredAt: at,
    receivedAt: at,
    body: '{}',
  };
}

/** A log in memory: refuses groups that hold a poisonous event, or everything while it is away. */
function makeLog({ poison = () => false }: { poison?: (id: string) => boolean } = {}) {
  const stored: string[] = [];
  const groups: number[] = [];
  const state = { stored, groups, isAway: false, appendedSignals: 0, inFlight: 0, inFlightMax: 0 };
  const appender = new Appender({
    clock: systemClock,
    appendOnce: async (events): Promise<AppendReceipt> => {
      state.inFlight += 1;
      state.inFlightMax = Math.max(state.inFlightMax, state.inFlight);
      await Promise.resolve();
      state.inFlight -= 1;
      groups.push(events.length);
      if (state.isAway) throw new Error('connect ECONNREFUSED');
      if (events.some(({ id }) => poison(id))) throw new Refused();
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      const duplicateIds = events.map(({ id }) => id).filter((id) => stored.includes(id));
      stored.push(...events.map(({ id }) => id).filter((id) => !duplicateIds.includes(id)));
      return { appendedCount: events.length - duplicateIds.length, duplicateIds };
    },
    isRefusal: (error) => error instanceof Refused,
    onAppended: () => {
      state.appendedSignals += 1;
    },
  });
  return { ...state, state, append: (...ids: string[]) => appender.append(ids.map(anEvent)) };
}

test('requests that arrive together, or while an append is under way, share one', async () => {
  const { append, groups, state } = makeLog();
  const first = [append('a'), append('b'), append('c')];
  await Promise.resolve();
  const second = [append('d'), append('e')];
  await Promise.all([...first, ...second]);
  expect(groups).toEqual([3, 2]);
  expect(state.inFlightMax).toBe(1);
  expect(state.appendedSignals).toBe(2);
});

test('one append takes about a thousand events, and a request is never torn apart', async () => {
  const { append, groups } = makeLog();
  const ids = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${prefix}${String(index)}`);
  await Promise.all([append(...ids('a', 600)), append(...ids('b', 600)), append(...ids('c', 1_500))]);
  expect(groups).toEqual([600, 600, 1_500]);
});

test('a request that the database refuses fails alone', async () => {
  const { append, stored } = makeLog({ poison: (id) => id === 'bad' });
  const results = await Promise.allSettled([append('a'), append('x', 'bad'), append('b')]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(stored).toEqual(['a', 'b']);
});

test('while the database is away, every request is told at once, and the next one tries anew', async () => {
  const { append, state, groups } = makeLog();
  state.isAway = true;
  const results = await Promise.allSettled([append('a'), append('b'), append('c')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(groups).toEqual([3]);
  state.isAway = false;
  expect(await append('a')).toEqual({ appendedCount: 1, duplicateIds: [] });
});

test('an id that a request repeats, or another one of the group brought first, counts once', async () => {
  const { append, stored } = makeLog();
  const receipts = await Promise.all([append('a', 'a', 'b'), append('b', 'c')]);
  expect(receipts).toEqual([
    { appendedCount: 2, duplicateIds: ['a'] },
    { appendedCount: 1, duplicateIds: ['b'] },
  ]);
  expect(stored).toEqual(['a', 'b', 'c']);
});

test('an empty request is answered without an append', async () => {
  const { append, groups } = makeLog();
  expect(await append()).toEqual({ appendedCount: 0, duplicateIds: [] });
  expect(groups).toEqual([]);
});

test('whatever is asked together, each id is stored once and the receipts add up', async () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.array(id, { maxLength: 6 }), { maxLength: 6 })), async (waves) => {
      const { append, stored } = makeLog();
      let appendedCount = 0;
      for (const requests of waves) {
        const receipts = await Promise.all(requests.map((ids) => append(...ids)));
        receipts.forEach((receipt, index) => {
          const ids = requests[index] ?? [];
          expect(new Set(receipt.duplicateIds).size).toBe(receipt.duplicateIds.length);
          expect(receipt.appendedCount).toBeGreaterThanOrEqual(0);
          for (const duplicate of receipt.duplicateIds) expect(ids).toContain(duplicate);
          appendedCount += receipt.appendedCount;
        });
      }
      expect(stored).toEqual([...new Set(stored)]);
      expect(new Set(stored)).toEqual(new Set(waves.flat(2)));
      expect(appendedCount).toBe(stored.length);
    }),
  );
});
