import { expect, test } from 'vitest';
import type { Call, CallResponse, ConnectionCache, Steps } from '../../kit/index.ts';
import { classifyFailure, secretFields } from '../../kit/index.ts';
import type { LoggedEvent } from '../../kernel/event.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import { resolveSubscriber } from './actions/resolve-subscriber.ts';
import { describeFailure } from './api.ts';
import { FAILURES } from './failures.ts';
import { sesamy } from './index.ts';
import { resolve } from './presets/resolve.ts';
import { sesamySettings, tokenUrl } from './settings.ts';

const AT = '2025-11-10T12:00:00.000Z';
const settings = sesamySettings.parse({ token: 'whs_test', client_id: 'id', client_secret: 'hush' });

function anEvent(payload: { eventType?: string } & JsonObject = {}): LoggedEvent {
  const { eventType = 'contract.1#update', ...ids } = payload;
  return {
    position: 1,
    id: 'e1',
    source: 'sesamy',
    type: 'subscriber',
    name: eventType,
    personKey: 'email|u1',
    occurredAt: AT,
    receivedAt: AT,
    payload: { eventType, userId: 'email|u1', occured_at: AT, ...ids },
  };
}

type Answers = (call: Call) => { status?: number; body: unknown } | undefined;

interface Told {
  readonly outcome: Outcome | undefined;
  readonly calls: readonly string[];
}

/** Has the conversation that the engine would have, the failures table included. */
function tell(event: LoggedEvent, answers: Answers, nowMs = Date.parse(AT), cache = aCache()): Told {
  const mapped = resolve.map(event, {});
  if (mapped.kind !== 'input') throw new Error(`The event makes no input: ${mapped.kind}.`);
  const steps = resolveSubscriber.deliver([{ input: mapped.input, traceId: '1', attempt: 1 }], {
    settings,
    options: {},
    cache,
    nowMs,
  });
  return converse(steps, answers);
}

function converse(steps: Steps<readonly Outcome[]>, answers: Answers): Told {
  const calls: string[] = [];
  let step = steps.next();
  while (step.done !== true) {
    if (step.value.kind !== 'call') throw new Error('claims nothing');
    const call = step.value;
    calls.push(
      `${call.path}${call.query === undefined ? '' : `?${new URLSearchParams(call.query).toString()}`}`,
    );
    const { status = 200, body } = answers(call) ?? { status: 404, body: undefined };
    const response: CallResponse = { status, headers: {}, body };
    if (status >= 300 && call.accept?.includes(status) !== true) {
      return { outcome: classifyFailure(response, FAILURES, 'sesamy', describeFailure), calls };
    }
    step = steps.next(response);
  }
  return { outcome: step.value[0], calls };
}

function aCache(): ConnectionCache {
  const kept = new Map<string, unknown>();
  return {
    get: (key) => kept.get(key),
    set: (key, value) => kept.set(key, value),
    delete: (key) => kept.delete(key),
  };
}

const contract = (parts: JsonObject = {}): JsonObject => ({
  id: 'c1',
  userId: 'email|u1',
  name: 'Premium Magazine',
  status: 'ACTIVE',
  isActive: true,
  contractDuration: 'RECURRING',
  items: [
    { sku: 'MAG-001', name: 'Premium Magazine', purchaseOptionId: 'po', purchaseOptionName: 'Monthly' },
  ],
  willCancelAt: null,
  appliedDiscounts: [],
  ...parts,
});

const world: Readonly<Record<string, unknown>> = {
  '/management/users/email%7Cu1': {
    userId: 'email|u1',
    email: 'asa@example.com',
    given_name: 'Åsa',
    phone_number: '070',
  },
  '/management/contracts': [contract()],
  '/management/entitlements': [
    { id: 'n1', sku: 'MAG-001', title: 'Premium Magazine', type: 'publication', hasAccess: true },
  ],
  '/management/bills': [{ id: 'b1', items: [], price: 99, status: 'PAID' }],
  '/management/products/MAG-001': { sku: 'MAG-001', title: 'Premium Weekly', productType: 'publication' },
  '/checkouts/k1': {
    id: 'k1',
    status: 'COMPLETED',
    type: 'RECURRING',
    items: [{ sku: 'MAG-001' }],
    attribution: { _ga: 'GA1.1.2.3' },
  },
};

const answer =
  (change: Readonly<Record<string, unknown>> = {}): Answers =>
  ({ path }) => {
    const body = { ...world, ...change }[path];
    return body === undefined ? undefined : { body };
  };

test('one event costs a handful of reads and gives one full snapshot', () => {
  const { outcome, calls } = tell(anEvent(), answer());
  expect(calls).toEqual([
    '/management/users/email%7Cu1',
    '/management/contracts?userId=email%7Cu1&limit=50&offset=0',
    '/management/entitlements?userId=email%7Cu1&limit=50&offset=0',
    '/management/bills?contractId=c1&limit=50&offset=0',
    '/management/products/MAG-001',
  ]);
  expect(outcome).toMatchObject({
    kind: 'delivered',
    emit: [
      {
        type: 'subscriber.changed',
        payload: {
          snapshot: {
            person: { userId: 'email|u1', firstName: 'Åsa' },
            phones: { mobile: null, default: '070' },
            contracts: [
              {
                status: 'active',
                term: 'recurring',
                items: [{ title: 'Premium Magazine', optionTitle: 'Monthly' }],
              },
            ],
            products: [
              { sku: 'MAG-001', title: 'Premium Weekly', options: [{ id: 'po', title: 'Monthly' }] },
            ],
            bills: [{ contractId: 'c1', status: 'paid' }],
          },
          causes: [{ eventId: 'e1' }],
        },
      },
    ],
  });
});

test('a confirmed checkout becomes an event of its own beside the change', () => {
  const { outcome } = tell(anEvent({ eventType: 'checkout.1#confirm', checkoutId: 'k1' }), answer());
  expect(outcome).toMatchObject({
    emit: [
      { type: 'subscriber.changed' },
      {
        type: 'checkout.confirmed',
        payload: {
          checkout: { id: 'k1' },
          products: [{ sku: 'MAG-001' }],
          attribution: { gaCookie: 'GA1.1.2.3' },
        },
      },
    ],
  });
});

test('products are remembered, so a second user of the same product costs one read less', () => {
  const cache = aCache();
  const count = () => tell(anEvent(), answer(), Date.parse(AT), cache).calls.length;
  expect([count(), count()]).toEqual([5, 4]);
});

test.each([
  ['the contracts', '/management/contracts', 500, 'retry'],
  ['the entitlements', '/management/entitlements', 503, 'retry'],
  ['a bill', '/management/bills', 404, 'retry'],
  ['a product', '/management/products/MAG-001', 500, 'retry'],
  ['the user', '/management/users/email%7Cu1', 401, 'suspended'],
  ['the contracts, for good', '/management/contracts', 400, 'rejected'],
])('when %s cannot be read there is no snapshot at all', (_what, path, status, kind) => {
  const { outcome } = tell(anEvent(), (call) => (call.path === path ? { status, body: {} } : answer()(call)));
  expect(outcome?.kind).toBe(kind);
});

test.each([
  ['a page of a proxy', 'Bad gateway'],
  ['a list that is none', { items: [] }],
  ['a record of another form', [{ id: 7 }]],
])('%s instead of the documented answer is tried again', (_what, body) => {
  expect(tell(anEvent(), answer({ '/management/contracts': body })).outcome).toMatchObject({
    kind: 'retry',
    fault: { code: 'sesamy.unexpected_answer' },
  });
});

test('contracts of somebody else are never taken for those of the user', () => {
  const others = [contract({ userId: 'email|u2' })];
  expect(tell(anEvent(), answer({ '/management/contracts': others })).outcome).toMatchObject({
    kind: 'rejected',
    fault: { code: 'sesamy.filter_ignored' },
  });
});

test('a withdrawn product leaves the names that the contract has', () => {
  const { outcome } = tell(anEvent(), answer({ '/management/products/MAG-001': undefined }));
  expect(outcome).toMatchObject({
    emit: [{ payload: { snapshot: { products: [{ title: 'Premium Magazine' }] } } }],
  });
});

test.each([
  ['just after the event, because the API may lag', 60_000, 'retry'],
  ['long after it, for a human to see', 3_600_000, 'rejected'],
])('a user that is not found is %s', (_what, laterMs, kind) => {
  const { outcome, calls } = tell(anEvent(), () => undefined, Date.parse(AT) + laterMs);
  expect(outcome).toMatchObject({ kind, fault: { code: 'sesamy.user_unknown' } });
  expect(calls).toHaveLength(1);
});

const many = Array.from({ length: 120 }, (_none, index) =>
  contract({ id: `c${String(index)}`, status: 'CANCELED', isActive: false }),
);
const slice = ({ query }: Call): JsonObject[] => {
  const offset = Number(query?.['offset']);
  return many.slice(offset, offset + Number(query?.['limit']));
};

test.each<[string, (call: Call) => unknown, number]>([
  ['bare arrays', slice, 3],
  ['arrays in `data`', (call) => ({ data: slice(call), meta: {} }), 3],
  ['pages with a total', (call) => ({ data: slice(call), pagination: { total: 120 } }), 3],
  [
    'pages that a server cut shorter',
    (call) => ({ data: slice(call).slice(0, 40), pagination: { total: 120 } }),
    3,
  ],
  ['a server that ignores the paging', () => many, 1],
])('all contracts are read from %s', (_what, pageOf, pages) => {
  const { outcome, calls } = tell(anEvent(), (call) =>
    call.path === '/management/contracts' ? { body: pageOf(call) } : answer()(call),
  );
  expect(calls.filter((call) => call.startsWith('/management/contracts'))).toHaveLength(pages);
  const contracts = outcome?.kind === 'delivered' ? outcome.emit?.[0]?.payload : undefined;
  expect(contracts).toHaveProperty('snapshot.contracts.length', 120);
});

test('a snapshot that came along is taken as it is, without a call', () => {
  const { outcome, calls } = tell(
    anEvent({ snapshot: { person: { userId: 'email|u1', email: 'x@example.com' } } }),
    answer(),
  );
  expect(calls).toEqual([]);
  expect(outcome).toMatchObject({
    kind: 'delivered',
    emit: [{ payload: { snapshot: { person: { email: 'x@example.com' } } } }],
  });
});

test('an unknown event type is skipped by name', () => {
  expect(resolve.map(anEvent({ eventType: 'refund.2#new' }), {})).toMatchObject({
    kind: 'skip',
    reason: expect.stringContaining('refund.2#new') as string,
  });
});

test.each([
  ['https://api2.sesamy.com', 'https://token.sesamy.com/oauth/token'],
  ['https://api2.sesamy.dev/', 'https://token.sesamy.dev/oauth/token'],
  ['http://127.0.0.1:4020', 'http://127.0.0.1:4020/oauth/token'],
])('the token for %s comes from %s', (api_url, expected) => {
  const parsed = sesamySettings.parse({ token: 't', client_id: 'id', client_secret: 's', api_url });
  expect(tokenUrl(parsed)).toBe(expected);
  expect(tokenUrl({ ...parsed, token_url: 'https://example.com/token' })).toBe('https://example.com/token');
});

test('token and client secret are secrets', () => {
  expect(secretFields(sesamy.settings)).toEqual(['token', 'client_secret']);
  expect(JSON.stringify(settings)).not.toContain('hush');
});

test('a fault quotes the code and the words of the vendor', () => {
  const body = { error: { code: 'not_found', message: 'No such checkout' } };
  expect(describeFailure({ status: 404, headers: {}, body })).toEqual({
    code: 'sesamy.not_found',
    message: 'Sesamy answered 404: No such checkout',
  });
});
