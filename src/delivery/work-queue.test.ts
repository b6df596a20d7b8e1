import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput } from '../../test/support/test-connector.ts';
import type { Flow } from '../flows/workspace.ts';
import type { AnyPreset } from '../kit/index.ts';
import { WorkQueue } from './work-queue.ts';
import { newWork, separate } from './work.ts';
import type { Work } from './work.ts';

const presets = makeTestConnector().presets as readonly [AnyPreset, AnyPreset];
const flowOf = (preset: AnyPreset, name: string): Flow => ({ name, preset, source: 'site', options: {} });
const PUT = flowOf(presets[0], 'put');
const PUT_TOO = flowOf(presets[0], 'put too');
const TELL = flowOf(presets[1], 'tell');
const FLOWS = [PUT, PUT_TOO, TELL] as const;

const never = (error: unknown): never => {
  throw error;
};

function aWork(flow: Flow, key: string, position: number, more: Partial<Work> = {}): Work {
  const input: TestInput = { key, values: [position] };
  const part = { position, eventId: '', eventType: '', input, attempts: 0, notes: [] };
  return { ...newWork(flow, part, 0), ...more };
}

const positionsOf = (works: readonly Work[]): number[] =>
  works.flatMap(({ parts }) => parts.map(({ position }) => position));

const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add'), flow: fc.nat(2), key: fc.nat(3), isParked: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('take'),
      flow: fc.nat(2),
      itemsMax: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finish'), which: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('put back'), which: fc.nat(9), isSeparated: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('park'), which: fc.nat(9) }) },
);

test('whatever happens: order per key, one in flight per key, nothing lost, nothing doubled, no forbidden merge', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
      const queue = new WorkQueue(never);
      // The model: what waits per key, oldest first, and what is in flight.
      const waiting = new Map<string, Work[]>();
      let inFlight: Work[] = [];
      let position = 0;
      const pick = (which: number): Work | undefined => inFlight[which % Math.max(1, inFlight.length)];
      for (const each of operations) {
        if (each.do === 'add' && 'isParked' in each) {
          position += 1;
          const flow = FLOWS[each.flow] ?? PUT;
          const work = aWork(flow, String(each.key), position, { isParked: each.isParked });
          queue.add(work);
          waiting.set(work.key, [...(waiting.get(work.key) ?? []), work]);
        } else if (each.do === 'take' && 'itemsMax' in each) {
          const flow = FLOWS[each.flow] ?? PUT;
          const batch = queue.take(flow, each.itemsMax, 0);
          expect(batch.length).toBeLessThanOrEqual(each.itemsMax);
          expect(new Set(batch.map(({ key }) => key)).size).toBe(batch.length);
          for (const work of batch) {
            expect(inFlight.map(({ key }) => key)).not.toContain(work.key);
            const of = waiting.get(work.key) ?? [];
            const expected = of.slice(
              0,
              of.findIndex((_, index) => positionsOf(of.slice(0, index + 1)).length === work.parts.length) +
                1,
            );
            expect(positionsOf([work])).toEqual(positionsOf(expected));
            expect((work.input as TestInput).values).toEqual(positionsOf([work]));
            for (const merged of expected) {
              expect(merged.flow).toBe(flow);
              expect(merged.isParked).toBe(work.isParked);
            }
            if (flow === TELL || expected.some(({ isAlone }) => isAlone)) expect(expected.length).toBe(1);
            waiting.set(work.key, of.slice(expected.length));
          }
          inFlight = [...inFlight, ...batch];
        } else if ('which' in each) {
          const work = pick(each.which);
          if (work === undefined) continue;
          inFlight = inFlight.filter((other) => other !== work);
          if (each.do === 'put back') {
            const works = 'isSeparated' in each && each.isSeparated ? separate(work) : [work];
            queue.putBack(works);
            waiting.set(work.key, [...works, ...(waiting.get(work.key) ?? [])]);
          } else {
            queue.finish(work);
            if (each.do === 'park') {
              expect(positionsOf(queue.drain(work.key))).toEqual(positionsOf(waiting.get(work.key) ?? []));
              waiting.delete(work.key);
            }
          }
        }
        const open = [...[...waiting.values()].flat(), ...inFlight];
        expect(queue.partCount).toBe(positionsOf(open).length);
        const upTo = Math.floor(position / 2);
        const expectedKeys = [...waiting.entries()]
          .filter(([, works]) => works.some(({ parts }) => parts[0].position <= upTo))
          .map(([key]) => key);
        expect([...queue.keysWaitingUpTo(upTo)].sort()).toEqual(expectedKeys.sort());
        const heads = [...waiting.entries()].filter(
          ([key, works]) => works.length > 0 && !inFlight.some((work) => work.key === key),
        );
        for (const flow of FLOWS) {
          const count = heads.filter(([, works]) => works[0]?.flow === flow).length;
          expect(queue.readyCount(flow)).toBe(count);
          expect(queue.readyFlows().includes(flow)).toBe(count > 0);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('works that were read too lately are left', () => {
  const queue = new WorkQueue(never);
  queue.add(aWork(PUT, 'a', 1, { readAtMs: 10 }));
  queue.add(aWork(PUT, 'b', 2, { readAtMs: 20 }));
  expect(positionsOf(queue.take(PUT, 100, 9))).toEqual([]);
  expect(queue.readyCount(PUT)).toBe(2);
  expect(positionsOf(queue.take(PUT, 100, 15))).toEqual([1]);
  expect(queue.oldestReadyMs(PUT)).toBe(20);
});

test('a merge that throws is reported, and its works are sent one after the other', () => {
  const [preset] = presets;
  const flow: Flow = {
    ...PUT,
    preset: {
      ...preset,
      action: {
        ...preset.action,
        coalesce: () => {
          throw new TypeError('no such field');
        },
      },
    },
  };
  const errors: unknown[] = [];
  const queue = new WorkQueue((error) => errors.push(error));
  for (const position of [1, 2, 3]) queue.add(aWork(flow, 'a', position));
  for (const position of [1, 2, 3]) {
    const [work] = queue.take(flow, 100, 0);
    expect(work?.parts.map((part) => part.position)).toEqual([position]);
    if (work !== undefined) queue.finish(work);
  }
  expect(errors).toHaveLength(2);
  expect(queue.partCount).toBe(0);
});
