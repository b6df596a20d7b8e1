/**
 * A small connector for tests of the engine: `put` is merged per key and travels in batches, `tell` is
 * event-like. Both are one call, and the vendor names an outcome for each input.
 */
import { z } from 'zod';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { DerivedEvent, Outcome } from '../../src/kernel/outcome.ts';
import {
  defineAction,
  defineConnector,
  definePreset,
  secret,
  send,
  stringField,
} from '../../src/kit/index.ts';
import type { AnyConnector, BatchRule, Limit } from '../../src/kit/index.ts';

const settings = z.strictObject({ base_url: z.string(), access_token: secret() });

export type TestSettings = z.output<typeof settings>;

/** `values` holds one number per event, oldest first, so that a merged input tells what went into it. */
const input = z.object({ key: z.string(), values: z.array(z.number()) });

export type TestInput = z.output<typeof input>;

/** What the vendor answers for one input; absent means delivered. */
export interface TestVerdict {
  readonly kind: 'delivered' | 'skipped' | 'deferred' | 'retry' | 'rejected';
  readonly waitMs?: number;
  readonly emit?: readonly DerivedEvent[];
}

const fault = { code: 'test.refused', message: 'The vendor did not take it.' };

function toOutcome({ kind, waitMs = 0, emit }: TestVerdict): Outcome {
  switch (kind) {
    case 'delivered':
      return emit === undefined ? { kind } : { kind, emit };
    case 'skipped':
      return { kind, reason: 'unchanged' };
    case 'deferred':
      return { kind, waitMs, reason: 'a limit of this input' };
    case 'retry':
    case 'rejected':
      return { kind, fault };
  }
}

export interface MakeTestConnector {
  readonly batch?: Partial<BatchRule>;
  readonly limits?: readonly Limit[];
  readonly concurrent?: number;
  readonly timeoutMs?: number;
}

export function makeTestConnector({
  batch = {},
  limits = [],
  concurrent = 4,
  timeoutMs = 3_000,
}: MakeTestConnector = {}): AnyConnector {
  const define = defineAction<TestSettings>();
  const shared = {
    summary: 'For tests.',
    input,
    options: z.object({}),
    orderKey: ({ key }: TestInput) => key,
  };
  const put = define({
    ...shared,
    id: 'put',
    title: 'Put',
    batch: { maxItems: 100, lingerMs: 0, ...batch },
    coalesce: (older, newer) => ({ key: newer.key, values: [...older.values, ...newer.values] }),
    *deliver(items) {
      const response = yield* send({ method: 'POST', path: '/put', body: items.map((item) => item.input) });
      const verdicts = response.body as readonly (TestVerdict | undefined)[] | undefined;
      return items.map((_, index) => toOutcome(verdicts?.[index] ?? { kind: 'delivered' }));
    },
  });
  const tell = define({
    ...shared,
    id: 'tell',
    title: 'Tell',
    batch: { maxItems: 1, lingerMs: 0, ...batch },
    *deliver(items) {
      const response = yield* send({ method: 'POST', path: '/tell', body: items.map((item) => item.input) });
      const verdicts = response.body as readonly (TestVerdict | undefined)[] | undefined;
      return items.map((_, index) => toOutcome(verdicts?.[index] ?? { kind: 'delivered' }));
    },
  });
  const preset = (id: string, action: typeof put, type: 'identify' | 'track') =>
    definePreset({
      id,
      title: id,
      summary: 'For tests.',
      action,
      when: { types: [type] },
      options: {},
      map: ({ payload }) => {
        if (payload['map'] === 'throw') throw new TypeError('no such field');
        if (payload['map'] === 'skip') return { kind: 'skip', reason: 'The event says so.' };
        return {
          kind: 'input',
          input: { key: stringField(payload, 'key') ?? '', values: [Number(payload['value'])] },
        };
      },
    });
  return defineConnector({
    id: 'test',
    title: 'Test',
    settings,
    auth: ({ access_token }) => ({ kind: 'bearer', token: access_token }),
    http: {
      baseUrl: ({ base_url }) => base_url,
      limits: () => limits,
      failures: [],
      timeoutMs,
      concurrent,
    },
    integrationNames: ['Test'],
    checks: [],
    actions: { put, tell },
    presets: [preset('test/put', put, 'identify'), preset('test/tell', tell, 'track')],
  });
}

/** The payload that the test presets map. */
export function aPayload(key: string, value: number, more: JsonObject = {}): JsonObject {
  return { key, value, ...more };
}
