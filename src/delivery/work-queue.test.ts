import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aPart } from '../../test/support/a-part.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { TestInput } from '../../test/support/test-connector.ts';
import type { Flow } from '../flows/workspace.ts';
import type { AnyPreset } from '../kit/index.ts';
import { comparePriority, PRIORITIES } from '../kernel/priority.ts';
import type { Priority } from '../kernel/priority.ts';
import { WorkQueue } from './work-queue.ts';
import type { Line } from './work-queue.ts';
import { newWork, separate } from './work.ts';
import type { Work } from './work.ts';

const presets = makeTestConnector().presets as readonly [AnyPreset, AnyPreset];
const flowOf = (preset: AnyPreset, name: string): Flow => ({ name, preset, source: 'site', options: {} });
const PUT = flowOf(presets[0], 'put');
const PUT_TOO = flowOf(presets[0], 'put too');
const TELL = flowOf(presets[1], 'tell');
const FLOWS = [PUT, PUT_TOO, TELL] as const;
const LINES: readonly Line[] = FLOWS.flatMap((flow) => PRIORITIES.map((priority) => ({ flow, priority })));

const live = (flow: Flow): Line => ({ flow, priority: 'live' });

const never = (error: unknown): never => {
  throw error;
};

function aWork(flow: Flow, key: string, position: number, more: Partial<Work> = {}): Work {
  const input: TestInput = { key, values: [position] };
  return { ...newWork(flow, aPart({ position, input }), 0), ...more };
}

const positionsOf = (works: readonly Work[]): number[] =>
  works.flatMap(({ parts }) => parts.map(({ position }) => position));

/** What the queue must be: what waits per key, oldest first, and what is in flight. Each step is compared. */
class Model {
  readonly #queue = new WorkQueue(never);
  readonly #waiting = new Map<string, readonly Work[]>();
  #inFlight: readonly Work[] = [];
  #position = 0;

  add(flow: Flow, key: string, isParked: boolean, priority: Priority): void {
    this.#position += 1;
    const work = aWork(flow, key, this.#position, { isParked, priority });
    this.#queue.add(work);
    this.#wait(work.key, [...this.#of(work.key), work]);
  }

  take(line: Line, itemsMax: number): void {
    const batch = this.#queue.take(line, itemsMax, 0);
    assert.ok(batch.length <= itemsMax);
    assert.deepEqual(new Set(batch.map(({ key }) => key)).size, batch.length);
    for (const work of batch) this.#expectHead(work, line);
    this.#inFlight = [...this.#inFlight, ...batch];
  }

  #expectHead(work: Work, { flow, priority }: Line): void {
    assert.deepEqual(work.priority, priority);
    assert.ok(!this.#inFlight.some(({ key }) => key === work.key));
    const waiting = this.#of(work.key);
    const isWhole = (count: number): boolean =>
      positionsOf(waiting.slice(0, count)).length === work.parts.length;
    const count = waiting.findIndex((_, index) => isWhole(index + 1)) + 1;
    const merged = waiting.slice(0, count);
    assert.deepEqual(positionsOf([work]), positionsOf(merged));
    assert.deepEqual((work.input as TestInput).values, positionsOf([work]));
    assert.deepEqual(
      merged.every((each) => each.flow === flow && each.isParked === work.isParked),
      true,
    );
    assert.deepEqual(merged.length === 1 || (flow !== TELL && !merged.some(({ isAlone }) => isAlone)), true);
    this.#waiting.set(work.key, waiting.slice(count));
  }

  finish(which: number): void {
    const work = this.#land(which);
    if (work !== undefined) this.#queue.finish(work);
  }

  putBack(which: number, isSeparated: boolean): void {
    const work = this.#land(which);
    if (work === undefined) return;
    const works = isSeparated ? separate(work) : [work];
    this.#queue.putBack(works);
    this.#wait(work.key, [...works, ...this.#of(work.key)]);
  }

  park(which: number): void {
    const work = this.#land(which);
    if (work === undefined) return;
    this.#queue.finish(work);
    assert.deepEqual(positionsOf(this.#queue.drain(work.key)), positionsOf(this.#of(work.key)));
    this.#waiting.delete(work.key);
  }

  compare(): void {
    const waiting = [...this.#waiting.values()];
    assert.deepEqual(this.#queue.partCount, positionsOf([...waiting.flat(), ...this.#inFlight]).length);
    const isFree = ({ key }: Work): boolean => !this.#inFlight.some((work) => work.key === key);
    const heads = waiting.flatMap(([work]) => (work !== undefined && isFree(work) ? [work] : []));
    const lines = this.#queue.readyLines();
    for (const line of LINES) {
      const count = heads.filter(
        ({ flow, priority }) => flow === line.flow && priority === line.priority,
      ).length;
      assert.deepEqual(this.#queue.readyCount(line), count);
      const isListed = lines.some(({ flow, priority }) => flow === line.flow && priority === line.priority);
      assert.deepEqual(isListed, count > 0);
    }
    assert.deepEqual(
      lines,
      lines.toSorted((a, b) => comparePriority(a.priority, b.priority)),
    );
  }

  /** Each is as urgent as the most urgent from it on. */
  #wait(key: string, works: readonly Work[]): void {
    const urgent = (at: number): Priority =>
      works
        .slice(at)
        .map(({ priority }) => priority)
        .sort(comparePriority)[0] ?? 'live';
    this.#waiting.set(
      key,
      works.map((work, at) => ({ ...work, priority: urgent(at) })),
    );
  }

  #of(key: string): readonly Work[] {
    return this.#waiting.get(key) ?? [];
  }

  #land(which: number): Work | undefined {
    const work = this.#inFlight[which % Math.max(1, this.#inFlight.length)];
    this.#inFlight = this.#inFlight.filter((other) => other !== work);
    return work;
  }
}

type Step = (model: Model) => void;

const someFlow = fc.constantFrom(...FLOWS);
const someKey = fc.constantFrom('a', 'b', 'c', 'd');
const add = fc
  .tuple(someFlow, someKey, fc.boolean(), fc.constantFrom(...PRIORITIES))
  .map(([flow, key, isParked, priority]): Step => (model) => {
    model.add(flow, key, isParked, priority);
  });
const take = fc
  .tuple(fc.constantFrom(...LINES), fc.integer({ min: 1, max: 3 }))
  .map(([line, itemsMax]): Step => (model) => {
    model.take(line, itemsMax);
  });
const settleOne = fc
  .tuple(fc.nat(9), fc.constantFrom('finish' as const, 'park' as const))
  .map(([which, how]): Step => (model) => {
    model[how](which);
  });
const putBack = fc.tuple(fc.nat(9), fc.boolean()).map(([which, isSeparated]): Step => (model) => {
  model.putBack(which, isSeparated);
});
const step = fc.oneof(
  { weight: 4, arbitrary: add },
  { weight: 3, arbitrary: take },
  { weight: 3, arbitrary: settleOne },
  { weight: 1, arbitrary: putBack },
);

test('whatever happens: order per key, one in flight per key, nothing lost, nothing doubled, no forbidden merge', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const model = new Model();
      for (const each of steps) {
        each(model);
        model.compare();
      }
    }),
    { numRuns: 300 },
  );
});

test('works that were read too lately are left', () => {
  const queue = new WorkQueue(never);
  queue.add(aWork(PUT, 'a', 1, { readAtMs: 10 }));
  queue.add(aWork(PUT, 'b', 2, { readAtMs: 20 }));
  expect(positionsOf(queue.take(live(PUT), 100, 9))).toEqual([]);
  expect(queue.readyCount(live(PUT))).toBe(2);
  expect(positionsOf(queue.take(live(PUT), 100, 15))).toEqual([1]);
  expect(queue.oldestReadyMs(live(PUT))).toBe(20);
});

test('what waited behind a work in flight goes where it stands in the log, and what is put back to the end', () => {
  const queue = new WorkQueue(never);
  for (const [key, position] of Object.entries({ a: 1, b: 3, c: 4 })) queue.add(aWork(PUT, key, position));
  const [first, ...others] = queue.take(live(PUT), 1, 0);
  if (first === undefined) throw new Error('Nothing was taken.');
  queue.add(aWork(PUT, 'a', 5));
  queue.add(aWork(PUT, 'd', 6));
  queue.finish(first);
  expect(others).toEqual([]);
  const [second] = queue.take(live(PUT), 1, 0);
  if (second === undefined) throw new Error('Nothing was taken.');
  expect(positionsOf([second])).toEqual([3]);
  queue.putBack([second]);
  expect(positionsOf(queue.take(live(PUT), 9, 0))).toEqual([4, 5, 6, 3]);
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
  const sent = [1, 2, 3].map(() => {
    const works = queue.take(live(flow), 100, 0);
    for (const work of works) queue.finish(work);
    return positionsOf(works);
  });
  expect(sent).toEqual([[1], [2], [3]]);
  expect(errors).toHaveLength(2);
  expect(queue.partCount).toBe(0);
});

test('what is live never waits for a replay of its key: the replay goes at live priority', () => {
  const queue = new WorkQueue(never);
  queue.add(aWork(TELL, 'a', 1, { priority: 'backfill' }));
  queue.add(aWork(TELL, 'b', 2, { priority: 'backfill' }));
  queue.add(aWork(TELL, 'a', 3));
  expect(positionsOf(queue.take(live(TELL), 100, 0))).toEqual([1]);
  expect(positionsOf(queue.take({ flow: TELL, priority: 'backfill' }, 100, 0))).toEqual([2]);
});

test('what is put back is as urgent as what came behind it while it was in flight', () => {
  const queue = new WorkQueue(never);
  queue.add(aWork(TELL, 'a', 1, { priority: 'replay' }));
  const [replayed] = queue.take({ flow: TELL, priority: 'replay' }, 1, 0);
  if (replayed === undefined) throw new Error('Nothing was taken.');
  queue.add(aWork(TELL, 'a', 2));
  queue.add(aWork(TELL, 'a', 3, { priority: 'replay' }));
  queue.putBack([replayed]);
  expect(queue.readyLines()).toEqual([live(TELL)]);
  expect(positionsOf(queue.take(live(TELL), 1, 0))).toEqual([1]);
});

test('works that need no call leave apart, each asked about once, and one that something waits behind does not', () => {
  const queue = new WorkQueue(never);
  const asked: string[] = [];
  const isIdle = ({ key }: Work): boolean => {
    asked.push(key);
    return !key.endsWith(' busy');
  };
  for (const [index, key] of ['a', 'busy', 'two', 'two', 'b'].entries())
    queue.add(aWork(PUT, key, index + 1));
  const [[line, works] = [], ...others] = queue.takeIdle(isIdle);
  expect(line).toEqual(live(PUT));
  expect(positionsOf(works ?? [])).toEqual([1, 5]);
  expect(others).toEqual([]);
  expect(queue.takeIdle(isIdle)).toEqual([]);
  expect(asked).toHaveLength(3);
  queue.add(aWork(PUT, 'a', 6));
  expect(positionsOf(queue.take(live(PUT), 9, 0))).toEqual([2, 3, 4]);
  for (const work of works ?? []) queue.finish(work);
  expect(positionsOf(queue.takeIdle(isIdle).flatMap(([, taken]) => taken))).toEqual([6]);
});

test('a batch holds what has places in it, and never nothing', () => {
  const queue = new WorkQueue(never);
  const places = [1, 7, 2, 30, 1, 1];
  places.forEach((_none, index) => queue.add(aWork(PUT, `k${String(index)}`, index)));
  const placesOf = ({ parts: [{ position }] }: Work): number => places[position] ?? 1;
  const taken = (): number[] => positionsOf(queue.take(live(PUT), 10, 0, placesOf));
  expect([taken(), taken(), taken(), taken()]).toEqual([[0, 1, 2], [3], [4, 5], []]);
});
