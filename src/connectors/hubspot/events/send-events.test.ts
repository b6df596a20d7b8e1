import { beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../kernel/json.ts';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../../test/support/hubspot-model.ts';
import { sendEvent } from '../actions/send-event.ts';
import { INEXACT } from '../inexact-number.ts';
import { settingsSchema } from '../settings.ts';

interface Property extends JsonObject {
  readonly name: string;
  readonly type: string;
}

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
const text = (name: string): Property => ({ name, type: 'string' });
let definitions: Map<string, { properties: Property[]; archived?: boolean }>;
let cache: ReturnType<typeof aCache>;
let nowMs: number;
let onCall: (call: Call) => CallResponse | undefined;

beforeEach(() => {
  definitions = new Map([
    ['order_completed', { properties: [text('order_id'), { name: 'total', type: 'number' }] }],
  ]);
  cache = aCache();
  nowMs = 1_790_000_000_000;
  onCall = () => undefined;
});

const answered = (status: number, body?: unknown): CallResponse => ({ status, headers: {}, body });

/** The least that HubSpot does with events: it keeps definitions and accepts what is sent. */
function answer(call: Call): CallResponse {
  const scripted = onCall(call);
  if (scripted !== undefined) return scripted;
  const { method, path, body } = call;
  if (path.endsWith('/send/batch')) return answered(204);
  if (path.endsWith('/details')) return answered(200, { portalId: 1 });
  const [, name = '', isProperty] = /event-definitions\/(?:pe1_)?(\w+)(\/property)?$/.exec(path) ?? [];
  if (method === 'POST' && isProperty !== undefined) {
    definitions.get(name)?.properties.push(body as Property);
    return answered(201, body);
  }
  if (method === 'POST') {
    const created = body as unknown as { name: string; propertyDefinitions: Property[] };
    definitions.set(created.name, { properties: [...created.propertyDefinitions] });
    return answered(201, {});
  }
  const found = definitions.get(name);
  return found === undefined
    ? answered(404, { message: 'resource not found' })
    : answered(200, { name, fullyQualifiedName: `pe1_${name}`, ...found });
}

function deliver(inputs: readonly object[], options: object = {}) {
  const batch = inputs.map((input, index) => ({
    input: sendEvent.input.parse({ email: 'a@x.io', ...input }),
    traceId: `t${String(index)}`,
    attempt: 1,
  }));
  const context = { settings, options: sendEvent.options.parse(options), cache, nowMs };
  return driveSteps(sendEvent.deliver(batch, context), answer);
}

const inputsOf = (calls: readonly Call[]): readonly { properties: JsonObject }[] =>
  calls
    .filter(({ path }) => path.endsWith('/send/batch'))
    .flatMap(({ body }) => (body as unknown as { inputs: { properties: JsonObject }[] }).inputs);
const ends = (calls: readonly Call[]): string[] =>
  calls.map(({ method, path }) => `${method} ${path.replace(/^.*2026-09/, '')}`);

test('500 events of a known name cost a read of its definition once an hour, and one call', () => {
  const events = Array.from({ length: 500 }, () => ({ event: 'Order Completed' }));
  const first = deliver(events);
  expect(first.result.every(({ kind }) => kind === 'delivered')).toBe(true);
  expect(ends(first.calls)).toEqual([
    'GET /details',
    'GET /event-definitions/pe1_order_completed',
    'POST /send/batch',
  ]);
  expect(ends(deliver(events).calls)).toEqual(['POST /send/batch']);
});

test('an event carries its name in full, its subject, its own time and a stable id', () => {
  const { calls } = deliver([
    {
      event: 'Order Completed',
      utk: 'u',
      object_id: 7,
      occurred_at: '2026-11-01T10:00:00.000Z',
      uuid: 'm-1',
    },
  ]);
  expect(inputsOf(calls)).toEqual([
    {
      eventName: 'pe1_order_completed',
      email: 'a@x.io',
      utk: 'u',
      objectId: '7',
      occurredAt: '2026-11-01T10:00:00.000Z',
      uuid: 'm-1',
      properties: {},
    },
  ]);
});

test('values are never changed: they become text, or are left out with the reason', () => {
  definitions.set('seen', { properties: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(text) });
  const { result, calls } = deliver([
    {
      event: 'seen',
      properties: {
        a: '01234',
        b: '',
        c: '12345678901234567890',
        d: true,
        e: ['x', 'y'],
        f: { deep: [1] },
        g: null,
        h: '+31612',
        i: 'x'.repeat(257),
        j: 1,
      },
    },
  ]);
  expect(inputsOf(calls)[0]?.properties).toEqual({
    a: '01234',
    b: '',
    c: '12345678901234567890',
    d: 'true',
    e: 'x;y',
    f: '{"deep":[1]}',
    h: '+31612',
  });
  expect(result).toEqual([
    {
      kind: 'delivered',
      notes: [
        'Left out, null, which an event cannot hold: g.',
        'Left out, longer than 256 characters: i.',
        'Left out, unknown to HubSpot: j.',
      ],
    },
  ]);
});

test('a number that JSON has rounded is left out with the reason, and its property is made as text', () => {
  // As a body of HTTP is read: the digits that were sent are gone by then.
  const properties = JSON.parse(
    '{"order":12345678901234567890,"n":9007199254740993,"ids":[9007199254740993],"total":5}',
  ) as object;
  const { result, calls } = deliver([{ event: 'paid', properties }], { schema: 'create' });
  const made = calls.find(({ method, path }) => method === 'POST' && path.endsWith('/event-definitions'));
  expect(made?.body).toMatchObject({
    propertyDefinitions: ['order', 'n', 'ids']
      .map((name) => ({ name, type: 'string' }))
      .concat({ name: 'total', type: 'number' }),
  });
  expect(inputsOf(calls)[0]?.properties).toEqual({ total: '5' });
  expect(result).toEqual([{ kind: 'delivered', notes: [`Left out, ${INEXACT}: order, n, ids.`] }]);
});

test('a text that a number would change is left out of a number', () => {
  const event = (total: unknown): object => ({ event: 'order_completed', properties: { total } });
  const { calls } = deliver([event('01'), event('12.5'), event(3), event('')]);
  expect(inputsOf(calls).map(({ properties }) => properties)).toEqual([
    {},
    { total: '12.5' },
    { total: '3' },
    {},
  ]);
});

test('an event that HubSpot lacks is refused, or created with its properties typed by their values', () => {
  const events = [
    { event: 'Signed Up', properties: { Plan: 'gold', age: 40, vip: true, code: 7 } },
    { event: 'signed-up', properties: { code: '007', empty: null } },
  ];
  expect(deliver(events, { schema: 'extend' }).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.event_unknown' } },
    { kind: 'rejected' },
  ]);
  const { result, calls } = deliver(events, { schema: 'create' });
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
  expect(calls[0]?.body).toMatchObject({
    name: 'signed_up',
    label: 'Signed Up',
    primaryObject: 'CONTACT',
    propertyDefinitions: [
      { name: 'plan', label: 'Plan', type: 'string' },
      { name: 'age', type: 'number' },
      { name: 'vip', type: 'enumeration' },
      { name: 'code', type: 'string' },
    ],
  });
  expect(inputsOf(calls)[1]?.properties).toEqual({ code: '007' });
});

test('a property that HubSpot lacks is added where the flow says so, and a refused one is not asked for again', () => {
  const event = { event: 'order_completed', properties: { coupon: 'X', banned: 'y' } };
  expect(deliver([event]).result).toMatchObject([
    { notes: ['Left out, unknown to HubSpot: coupon, banned.'] },
  ]);
  onCall = ({ path, body }) =>
    path.endsWith('/property') && (body as { name?: string }).name === 'banned'
      ? answered(400, { category: 'VALIDATION_ERROR', message: 'no' })
      : undefined;
  const { result, calls } = deliver([event], { schema: 'extend' });
  expect(result).toMatchObject([{ kind: 'delivered', notes: ['Left out, unknown to HubSpot: banned.'] }]);
  expect(inputsOf(calls)[0]?.properties).toEqual({ coupon: 'X' });
  expect(ends(deliver([event], { schema: 'extend' }).calls)).toEqual(['POST /send/batch']);
});

test('no more than fifty properties are created or sent', () => {
  const properties = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`p${String(index)}`, 'v']));
  const { calls } = deliver([{ event: 'wide', properties }], { schema: 'create' });
  expect(Object.keys(inputsOf(calls)[0]?.properties ?? {})).toHaveLength(50);
  expect(definitions.get('wide')?.properties).toHaveLength(50);
});

test.each([
  ['names nobody', { event: 'order_completed', email: undefined }, 'hubspot.event_without_subject'],
  ['has a name without a letter', { event: '123' }, 'hubspot.event_name_unusable'],
  ['has a name too long', { event: 'x'.repeat(51) }, 'hubspot.event_name_unusable'],
  [
    'has a time without a zone',
    { event: 'order_completed', occurred_at: '2026-11-01T10:00' },
    'hubspot.INVALID_DATE',
  ],
])('an event that %s is refused before it is sent', (_, input, code) => {
  const { result, calls } = deliver([input]);
  expect(result).toMatchObject([{ kind: 'rejected', fault: { code } }]);
  expect(calls.filter(({ path }) => path.endsWith('/send/batch'))).toEqual([]);
});

test('an event whose definition was deleted is refused with that reason', () => {
  definitions.set('gone', { properties: [], archived: true });
  expect(deliver([{ event: 'gone' }]).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.event_archived' } },
  ]);
});

test('a definition that has gone since it was read is read again at the next attempt', () => {
  const event = { event: 'order_completed' };
  deliver([event]);
  nowMs += 60_000;
  onCall = ({ path }) =>
    path.endsWith('/send/batch')
      ? answered(400, { message: 'Event with fully qualified name pe1_order_completed does not exist.' })
      : undefined;
  expect(deliver([event]).result).toMatchObject([{ kind: 'retry' }]);
  definitions.clear();
  expect(deliver([event]).result).toMatchObject([
    { kind: 'rejected', fault: { code: 'hubspot.event_unknown' } },
  ]);
});

test('one event that HubSpot refuses costs that event only', () => {
  onCall = ({ path, body }) =>
    path.endsWith('/send/batch') && JSON.stringify(body).includes('bad@x.io')
      ? answered(400, { category: 'VALIDATION_ERROR', message: 'Invalid email bad@x.io' })
      : undefined;
  const { result } = deliver(
    ['a@x.io', 'b@x.io', 'bad@x.io'].map((email) => ({ event: 'order_completed', email })),
  );
  expect(result.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'rejected']);
  expect(JSON.stringify(result)).not.toContain('bad@x.io');
});

test('what an event says of its contact is written before, each contact once, and not again while unchanged', () => {
  const contact = new HubspotModel();
  onCall = (call) => (call.path.includes('contacts') ? contact.answer(call) : undefined);
  const event = (email: string, plan: string): object => ({
    event: 'order_completed',
    email,
    contact_properties: { plan, shoe_size: 43 },
  });
  const { result, calls } = deliver([
    event('a@x.io', 'silver'),
    event('A@x.io', 'gold'),
    event('b@x.io', 'gold'),
  ]);
  expect(result).toEqual(
    [1, 2, 3].map(() => ({
      kind: 'delivered',
      notes: ['Contact: Left out, unknown to HubSpot: shoe_size.'],
    })),
  );
  expect(ends(calls).slice(-2)).toEqual(['POST /contacts/batch/upsert', 'POST /send/batch']);
  expect(contact.find('a@x.io')).toMatchObject({ plan: 'gold' });
  expect(ends(deliver([event('a@x.io', 'gold')]).calls)).toEqual(['POST /send/batch']);
});

test('an event waits for its contact, and does without one that HubSpot refuses', () => {
  const contact = new HubspotModel();
  const event = { event: 'order_completed', email: 'a@x.io', contact_properties: { plan: 'gold' } };
  const refuse = (status: number, category: string): void => {
    onCall = (call) => {
      if (call.path.endsWith('/contacts/batch/upsert'))
        return answered(200, { results: [], errors: [{ category, message: 'x', status: String(status) }] });
      return call.path.includes('contacts') ? contact.answer(call) : undefined;
    };
  };
  refuse(500, 'INTERNAL_ERROR');
  const waiting = deliver([event]);
  expect(waiting.result).toMatchObject([{ kind: 'retry' }]);
  expect(inputsOf(waiting.calls)).toEqual([]);
  refuse(400, 'VALIDATION_ERROR');
  expect(deliver([event]).result).toMatchObject([
    { kind: 'delivered', notes: [expect.stringContaining('Contact properties were not written')] },
  ]);
});

test('500 contacts are written by the hundred', () => {
  const contact = new HubspotModel();
  onCall = (call) => (call.path.includes('contacts') ? contact.answer(call) : undefined);
  const { result, calls } = deliver(
    Array.from({ length: 500 }, (_, index) => ({
      event: 'order_completed',
      email: `a${String(index)}@x.io`,
      contact_properties: { plan: 'gold' },
    })),
  );
  expect(new Set(result.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
  expect(ends(calls).filter((path) => path.endsWith('/contacts/batch/upsert'))).toHaveLength(5);
  expect(contact.contacts).toHaveLength(500);
});

test('a spent month holds up the events and nothing else', () => {
  const limit = (policyName: string): void => {
    onCall = ({ path }) =>
      path.endsWith('/send/batch')
        ? answered(429, { policyName, message: 'You have reached your limit.' })
        : undefined;
  };
  limit('MONTHLY');
  expect(deliver([{ event: 'order_completed' }]).result).toMatchObject([
    { kind: 'retry', waitMs: 3_600_000 },
  ]);
  limit('SECONDLY');
  expect(deliver([{ event: 'order_completed' }]).result).toMatchObject([{ kind: 'deferred', waitMs: 1_000 }]);
});
