import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'vitest';
import { z } from 'zod';
import { LIVE } from '../../../test/support/a-part.ts';
import { makeTestConnector } from '../../../test/support/test-connector.ts';
import { DEFAULT_DELIVERY } from '../../flows/workspace.ts';
import type { Connection, Flow } from '../../flows/workspace.ts';
import type { LoggedEvent, Position } from '../../kernel/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { definePreset, defineAction } from '../../kit/index.ts';
import { matchEvent } from '../match.ts';
import { takeIn } from '../take-in.ts';
import { WorkQueue } from '../work-queue.ts';
import { orderKeyOf, separate } from '../work.ts';
import type { Lane, Part, Work } from '../work.ts';
import { asOfNow } from './as-of-now.ts';
import { toWorks } from './replay-works.ts';

/** Fields of a record; each value is the position of the event that it comes from. */
const input = z.object({ email: z.string(), fields: z.record(z.string(), z.number()) });
type Input = z.output<typeof input>;

const REPLAY: Lane = { priority: 'replay', finish: () => undefined };

/** Two flows of one action, each for a source of its own. */
function makeConnection(canYield: boolean): Connection {
  const action = defineAction()({
    id: 'write',
    title: 'Write',
    summary: 'For tests.',
    input,
    options: z.object({}),
    orderKey: ({ email }) => email,
    batch: { maxItems: 1, lingerMs: 0 },
    coalesce: (older, newer) => ({ ...newer, fields: { ...older.fields, ...newer.fields } }),
    ...(canYield ? { yieldTo: withoutFieldsOf } : {}),
    *deliver() {
      yield* [];
      return [];
    },
  });
  const preset = definePreset({
    id: 'test/write',
    title: 'Write',
    summary: 'For tests.',
    action,
    when: { types: ['identify'] },
    options: {},
    map: ({ payload }) => ({ kind: 'input', input: input.parse(payload) }),
  });
  return {
    workspaceId: 1,
    name: 'vendor',
    revision: '1',
    workspace: 'acme',
    allowsPrivateAddresses: true,
    connector: makeTestConnector(),
    delivery: DEFAULT_DELIVERY,
    settings: {},
    suspended: null,
    flows: ['site', 'app'].map((source) => ({ name: `from ${source}`, preset, source, options: {} })),
  };
}

function withoutFieldsOf(older: Input, newer: Input): Input {
  const kept = Object.entries(older.fields).filter(([name]) => !Object.hasOwn(newer.fields, name));
  return { ...older, fields: Object.fromEntries(kept) };
}

interface Row {
  readonly work: Work;
  readonly part: Part;
}

// Fewer than a test parks for a key, so that some stay behind.
const ROWS_AT_ONCE = 2;

/** A shard as its reader runs it, with its parked table, and a vendor that refuses to go back. */
class World {
  readonly #connection: Connection;
  readonly #queue = new WorkQueue((error) => {
    throw error;
  });
  readonly #log: LoggedEvent[] = [];
  readonly #records = new Map<string, Map<string, number>>();
  readonly #parked = new Map<string, readonly Row[]>();
  /** Parked keys with rows in the queue. */
  readonly #out = new Set<string>();
  readonly #unfinished = new Map<Position, number>();
  #replay = { after: 0, to: 0 };

  constructor(canYield: boolean) {
    this.#connection = makeConnection(canYield);
  }

  live({ personKey, email, source, names }: NewLiveEvent): void {
    const position = this.#log.length + 1;
    const payload: JsonObject = { email, fields: Object.fromEntries(names.map((name) => [name, position])) };
    const at = '2026-11-21T12:00:00.000Z';
    const identity = { id: String(position), source, type: 'identify', name: null, personKey } as const;
    const event = { ...identity, occurredAt: at, receivedAt: at, payload, position };
    this.#log.push(event);
    const { works } = takeIn(event, this.#connection, 0, LIVE);
    this.#unfinished.set(position, works.length);
    for (const work of works) this.#enqueue(work);
  }

  startReplay(): void {
    const open = [...this.#unfinished].filter(([, count]) => count > 0).map(([position]) => position);
    this.#replay = { after: 0, to: Math.min(this.#log.length + 1, ...open) - 1 };
  }

  loadPage(size: number, source: string | undefined): void {
    const events = this.#log
      .filter(({ position }) => position > this.#replay.after && position <= this.#replay.to)
      .slice(0, size);
    this.#replay.after = events.at(-1)?.position ?? this.#replay.after;
    const inputs = events
      .filter((event) => source === undefined || event.source === source)
      .flatMap((event) =>
        matchEvent(event, this.#connection).flatMap(({ flow, mapped }) =>
          mapped.kind === 'input' && !this.#isParked(flow, event.position)
            ? [{ flow, event, input: mapped.input, notes: [], key: orderKeyOf(flow, mapped.input) }]
            : [],
        ),
      );
    const people = new Set(inputs.map(({ event }) => event.personKey));
    const first = inputs[0]?.event.position ?? 0;
    const later = this.#log.filter((each) => each.position >= first && people.has(each.personKey)).reverse();
    const now = asOfNow(inputs, { events: later, isVoid: () => false }, this.#connection);
    const liveReadPosition = this.#log.length;
    const { works } = toWorks({ lane: REPLAY, inputs, unsent: [], now, liveReadPosition, readAtMs: 0 });
    for (const work of works) this.#enqueue(work);
  }

  send(outcome: 'delivered' | 'retry' | 'rejected' | 'deferred'): void {
    const [line] = this.#queue.readyLines();
    if (line === undefined) return;
    for (const work of this.#queue.take(line, 1, 0)) {
      if (outcome === 'deferred') this.#queue.putBack([work]);
      else if (outcome === 'rejected' && work.parts.length > 1) this.#queue.putBack(separate(work));
      else if (outcome === 'retry') this.#fail(work);
      else this.#deliver(work);
    }
  }

  unpark(): void {
    for (const [key, rows] of this.#parked) {
      if (this.#out.has(key)) continue;
      this.#out.add(key);
      const place = ({ part }: Row): number => part.place ?? part.position;
      const inOrder = rows.toSorted((a, b) => place(a) - place(b) || a.part.position - b.part.position);
      for (const { work, part } of inOrder.slice(0, ROWS_AT_ONCE)) {
        this.#queue.add({ ...work, input: part.input, parts: [part], isParked: true, isAlone: false });
      }
    }
  }

  /** Everything arrives in the end. */
  finish(): void {
    while (this.#replay.after < this.#replay.to) this.loadPage(3, undefined);
    while (this.#queue.partCount > 0 || this.#parked.size > 0) {
      this.send('delivered');
      this.unpark();
    }
    const expected = new Map<string, Map<string, number>>();
    for (const { payload } of this.#log) {
      const { email, fields } = input.parse(payload);
      const record = expected.get(email) ?? new Map<string, number>();
      expected.set(email, new Map([...record, ...Object.entries(fields)]));
    }
    for (const [email, record] of expected) {
      assert.deepEqual(Object.fromEntries(this.#records.get(email) ?? []), Object.fromEntries(record));
    }
  }

  #isParked(flow: Flow, position: Position): boolean {
    return [...this.#parked.values()]
      .flat()
      .some(({ work, part }) => work.flow === flow && part.position === position);
  }

  #enqueue(work: Work): void {
    if (this.#parked.has(work.key)) this.#park(work);
    else this.#queue.add(work);
  }

  #park(work: Work): void {
    const rows = work.parts.map((part) => ({ work, part }));
    this.#parked.set(work.key, [...(this.#parked.get(work.key) ?? []), ...rows]);
    this.#pass(work);
  }

  #fail(work: Work): void {
    this.#queue.finish(work);
    for (const each of [work, ...this.#queue.drain(work.key)]) if (!each.isParked) this.#park(each);
    this.#out.delete(work.key);
  }

  #deliver(work: Work): void {
    const { email, fields } = input.parse(work.input);
    const record = this.#records.get(email) ?? new Map<string, number>();
    this.#records.set(email, record);
    for (const [name, value] of Object.entries(fields)) {
      const before = record.get(name) ?? 0;
      assert.ok(value >= before, `${name} of ${email} went back from ${String(before)} to ${String(value)}`);
      record.set(name, value);
    }
    this.#queue.finish(work);
    if (work.isParked) this.#unparkFor(work);
    else this.#pass(work);
  }

  #unparkFor({ key, flow, parts }: Work): void {
    const gone = new Set(parts.map(({ position }) => position));
    const rows = this.#parked
      .get(key)
      ?.filter(({ work, part }) => work.flow !== flow || !gone.has(part.position));
    if (rows === undefined || rows.length === 0) this.#parked.delete(key);
    else this.#parked.set(key, rows);
    if (!this.#queue.hasWaiting(key)) this.#out.delete(key);
  }

  #pass({ parts }: Work): void {
    for (const { lane, position } of parts) {
      if (lane === LIVE) this.#unfinished.set(position, (this.#unfinished.get(position) ?? 1) - 1);
    }
  }
}

interface NewLiveEvent {
  readonly personKey: string;
  readonly email: string;
  readonly source: string;
  readonly names: readonly string[];
}

type Step = (world: World) => void;

// Ada has two addresses and one user id, Bob is known by his address.
const people = fc.constantFrom(
  { personKey: 'ada', email: 'ada@x.io' },
  { personKey: 'ada', email: 'ada@y.io' },
  { personKey: 'bob@x.io', email: 'bob@x.io' },
);
const sources = fc.constantFrom('site', 'app');

const lives: fc.Arbitrary<Step> = fc
  .tuple(people, sources, fc.subarray(['f', 'g', 'h'], { minLength: 1 }))
  .map(([person, source, names]) => (world) => {
    world.live({ ...person, source, names });
  });
const pages: fc.Arbitrary<Step> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.option(sources, { nil: undefined }))
  .map(([size, source]) => (world) => {
    world.loadPage(size, source);
  });
const sends: fc.Arbitrary<Step> = fc
  .constantFrom(
    'delivered' as const,
    'delivered' as const,
    'retry' as const,
    'rejected' as const,
    'deferred' as const,
  )
  .map((outcome) => (world) => {
    world.send(outcome);
  });
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: lives },
    { weight: 4, arbitrary: pages },
    { weight: 8, arbitrary: sends },
    fc.constant<Step>((world) => {
      world.unpark();
    }),
    fc.constant<Step>((world) => {
      world.startReplay();
    }),
  ),
  { minLength: 10, maxLength: 80 },
);

// Some seconds of histories; a thousand find a replay that is sent as it was, or that loses its place when parked.
const RUNS = 1_000;

test.each([
  ['that merge what other flows sent', false],
  ['that yield to what other flows sent', true],
])(
  'no value ever goes back at the vendor, whatever is replayed between live events, for actions %s',
  (_, canYield) => {
    fc.assert(
      fc.property(steps, (history) => {
        const world = new World(canYield);
        for (const step of history) step(world);
        world.finish();
      }),
      { numRuns: RUNS },
    );
  },
);
