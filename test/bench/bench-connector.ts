/**
 * A connector for benchmarks: `put` sends mapped contacts in batches, `tell` sends them one by one. Each call
 * says in a header how many inputs it holds, so that the vendor need not parse what it counts.
 */
import { z } from 'zod';
import type { JsonObject } from '../../src/kernel/json.ts';
import { isJsonObject } from '../../src/kernel/json.ts';
import type { LoggedEvent } from '../../src/kernel/event.ts';
import {
  defineAction,
  defineConnector,
  definePreset,
  secret,
  send,
  stringField,
} from '../../src/kit/index.ts';
import type { AnyConnector, Mapped } from '../../src/kit/index.ts';

const settings = z.strictObject({ base_url: z.string(), access_token: secret() });
type Settings = z.output<typeof settings>;

const input = z.object({ email: z.string(), properties: z.record(z.string(), z.string()) });
type Input = z.output<typeof input>;

// Between HubSpot's 100 contacts per call and Segment's 2,500 events per call.
const BATCH_ITEMS = 500;

const define = defineAction<Settings>();
const shared = {
  summary: 'For benchmarks.',
  input,
  options: z.object({}),
  orderKey: ({ email }: Input) => email,
};

const put = define({
  ...shared,
  id: 'put',
  title: 'Put',
  batch: { maxItems: BATCH_ITEMS, lingerMs: 100 },
  coalesce: (older, newer) => ({
    email: newer.email,
    properties: { ...older.properties, ...newer.properties },
  }),
  *deliver(items) {
    yield* send({
      method: 'POST',
      path: '/put',
      headers: { 'x-inputs': String(items.length) },
      body: { inputs: items.map((item) => item.input) },
    });
    return items.map(() => ({ kind: 'delivered' }));
  },
});

const tell = define({
  ...shared,
  id: 'tell',
  title: 'Tell',
  batch: { maxItems: 1, lingerMs: 0 },
  *deliver([item]) {
    yield* send({ method: 'POST', path: '/tell', headers: { 'x-inputs': '1' }, body: item?.input ?? null });
    return [{ kind: 'delivered' }];
  },
});

// What a CRM takes of a person, under the names that it has for them.
const PROPERTY_OF: Readonly<Record<string, string>> = {
  firstName: 'firstname',
  lastName: 'lastname',
  phone: 'phone',
  website: 'website',
  title: 'jobtitle',
};

function map({ payload }: LoggedEvent): Mapped<Input> {
  const traits: JsonObject = isJsonObject(payload['traits']) ? payload['traits'] : {};
  const email = stringField(traits, 'email');
  if (email === undefined) return { kind: 'skip', reason: 'No address.' };
  const properties: Record<string, string> = {};
  for (const [trait, property] of Object.entries(PROPERTY_OF)) {
    const value = stringField(traits, trait);
    if (value !== undefined) properties[property] = value;
  }
  return { kind: 'input', input: { email, properties } };
}

const preset = { summary: 'For benchmarks.', when: { types: ['identify'] }, options: {}, map } as const;

/** `limits` and other facts of a real vendor are absent: what is measured is the engine. */
export const benchConnector: AnyConnector = defineConnector({
  id: 'bench',
  title: 'Bench',
  settings,
  auth: ({ access_token }) => ({ kind: 'bearer', token: access_token }),
  http: {
    baseUrl: ({ base_url }) => base_url,
    limits: () => [],
    failures: [],
    timeoutMs: 60_000,
    concurrent: 4,
  },
  integrationNames: ['Bench'],
  checks: [],
  actions: { put, tell },
  presets: [
    definePreset({ ...preset, id: 'bench/put', title: 'Put', action: put }),
    definePreset({ ...preset, id: 'bench/tell', title: 'Tell', action: tell }),
  ],
});
