import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { DEFAULT_API_KEY, DEFAULT_USER_ID, makeAsEmulator } from '../../emulators/make-as/index.ts';
import { makeAs } from '../../src/connectors/make-as/index.ts';
import { syncSubscriber } from '../../src/connectors/make-as/actions/sync-subscriber.ts';
import { subscribers } from '../../src/connectors/make-as/presets/subscribers.ts';
import type { ConnectionCache } from '../../src/kit/index.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';
import { aContract, anEntitlement, aSubscriberChange } from '../support/a-subscriber.ts';
import { aCache } from '../support/drive-steps.ts';
import { makeLeapingClock } from '../support/leaping-clock.ts';

const clock = makeLeapingClock();
const start = () => startEmulator(makeAsEmulator, { clock });
let emulator: Awaited<ReturnType<typeof start>>;
let client: ConnectionClient;
let settings: ReturnType<typeof makeAs.settings.parse>;
let cache: ConnectionCache;

beforeAll(async () => {
  emulator = await start();
  settings = makeAs.settings.parse({
    user_id: DEFAULT_USER_ID,
    api_key: DEFAULT_API_KEY,
    list_id: '1',
    base_url: emulator.url,
    calls_per_second: 1000,
  });
  client = new ConnectionClient({ connector: makeAs, settings, clock, privateAddresses: true });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});
beforeEach(() => {
  emulator.admin.reset({ lists: [{ id: 2, title: 'Members' }] });
  cache = aCache();
});

type Snapshot = Parameters<typeof aSubscriberChange>[0];

interface How {
  readonly options?: object;
  readonly attempt?: number;
  readonly isReplay?: boolean;
}

/** Maps snapshots by the preset and sends what comes of them in one batch. */
async function sync(
  snapshots: readonly Snapshot[],
  { options = {}, attempt = 1, isReplay = false }: How = {},
) {
  const parsed = syncSubscriber.options.parse(options);
  const batch = snapshots.map((parts, index) => {
    const event = aSubscriberChange(parts, { position: index, id: `e${String(index)}` });
    const mapped = subscribers.map(event, parsed);
    if (mapped.kind !== 'input') throw new Error(`The preset mapped nothing: ${JSON.stringify(mapped)}`);
    return { input: syncSubscriber.input.parse(mapped.input), traceId: event.id, attempt };
  });
  emulator.admin.clearRequests();
  const context = { settings, options: parsed, cache, nowMs: clock.now(), isReplay };
  const driven = await drive(syncSubscriber.deliver(batch, context), {
    client,
    claims: new RecordClaims(),
    signal: new AbortController().signal,
    onExchange: () => undefined,
  });
  return driven.kind === 'returned' ? driven.result.map(({ kind }) => kind) : driven;
}

function calls(): string[] {
  return emulator.admin
    .requests()
    .map(({ method, path, query }) =>
      [method, path.replace('/api/public/v2', ''), query['tag'] ?? ''].join(' ').trim(),
    );
}

function subscriber(email: string) {
  return emulator.state.findByEmail(email);
}

const person = { userId: 'email|u1', email: 'Asa@Example.com', firstName: 'Åsa', company: 'The Daily' };
const asa: Snapshot = {
  person,
  tags: ['VIP'],
  contracts: [aContract({ createdAt: '2026-01-31T23:30:00Z', price: 99 })],
  entitlements: [anEntitlement()],
};

const UPSERT = 'POST /subscribers merge';
const PRODUCTS = 'POST /subscribers/subscriptions/products/bulkinsert';
const SUBSCRIPTIONS = 'POST /subscribers/subscriptions/bulkinsert';

test('a subscriber goes first, then the products, then the subscriptions', async () => {
  expect(await sync([asa])).toEqual(['delivered']);
  expect(calls()).toEqual([UPSERT, PRODUCTS, SUBSCRIPTIONS]);
  const found = subscriber('asa@example.com');
  expect(found).toMatchObject({
    email: 'asa@example.com',
    external_id: 'email|u1',
    lists: ['1'],
    email_status: 'active',
    fields: { firstname: 'Åsa', company: 'The Daily' },
    tags: [
      'sesamy_active_subscriber',
      'sesamy_active_entitlement_publication-premium-magazine',
      'sesamy_active_sku_mag-001',
      'sesamy_tag_vip',
    ],
  });
  expect([...emulator.state.products.values()]).toEqual([
    { external_id: 'MAG-001|po-123', name: 'Premium Magazine - Monthly' },
  ]);
  expect([...emulator.state.subscriptions.values()]).toEqual([
    {
      external_id: 'contract_789',
      subscriber_id: found?.id,
      email: 'asa@example.com',
      product_external_id: 'MAG-001|po-123',
      status: 'active',
      start_date: '2026-01-31',
      end_date: null,
      price: 99,
    },
  ]);
});

test('stale tags of ours go, tags of others stay, and a single purchase is remembered', async () => {
  emulator.admin.seed({
    subscribers: [
      {
        lists: [1],
        row: {
          email: 'asa@example.com',
          tags: ['board member', 'sesamy', 'sesamy_tag_old', 'sesamy_made_single_purchase'],
        },
      },
    ],
  });
  expect(await sync([{ person, tags: ['VIP'] }])).toEqual(['delivered']);
  expect(subscriber('asa@example.com')?.tags).toEqual([
    'board member',
    'sesamy',
    'sesamy_made_single_purchase',
    'sesamy_tag_vip',
  ]);
  expect(calls()).toEqual([UPSERT, 'POST /subscribers replace']);
});

test('a tag that others add at the same moment survives as long as none of ours has to go', async () => {
  await sync([asa]);
  const found = subscriber('asa@example.com');
  found?.tags.push('added by hand');
  await sync([{ ...asa, tags: ['VIP', 'Gold'] }]);
  expect(found?.tags).toEqual(expect.arrayContaining(['added by hand', 'sesamy_tag_gold']));
});

test('who has left the list stays away', async () => {
  emulator.admin.seed({
    subscribers: [{ lists: [1], status: 'unsubscribed', row: { email: 'asa@example.com' } }],
  });
  await sync([asa]);
  expect(subscriber('asa@example.com')?.email_status).toBe('unsubscribed');
});

test('a new address keeps the one subscriber, and the stale tags go all the same', async () => {
  await sync([asa]);
  await sync([{ person: { ...person, email: 'new@example.com' } }]);
  expect(emulator.state.subscribers.size).toBe(1);
  expect(subscriber('new@example.com')?.tags).toEqual([]);
});

test('a burst sends each product once; a new name, a retry and a replay send it again', async () => {
  const other = { ...asa, person: { userId: 'email|u2', email: 'bo@example.com' } };
  await sync([asa, { ...other, contracts: [aContract({ id: 'contract_790' })] }]);
  expect(calls()).toEqual([UPSERT, UPSERT, PRODUCTS, SUBSCRIPTIONS]);
  await sync([asa]);
  expect(calls()).toEqual([UPSERT, SUBSCRIPTIONS]);
  await sync([{ ...asa, products: [{ sku: 'MAG-001', title: 'Renamed' }] }]);
  expect(calls()).toContain(PRODUCTS);
  expect(emulator.state.products.get('MAG-001|po-123')?.name).toBe('Renamed - Monthly');
  await sync([asa], { attempt: 2 });
  expect(calls()).toContain(PRODUCTS);
  await sync([asa], { isReplay: true });
  expect(calls()).toContain(PRODUCTS);
});

test.each(['whole', 'rows'] as const)(
  'a product that was deleted is made again when a subscription to it is refused, %s',
  async (bulk_refusal) => {
    emulator.admin.setLimits({ switches: { bulk_refusal } });
    await sync([asa]);
    emulator.state.products.clear();
    emulator.state.subscriptions.clear();
    expect(await sync([asa])).toEqual(['delivered']);
    expect(calls()).toEqual([UPSERT, SUBSCRIPTIONS, PRODUCTS, SUBSCRIPTIONS]);
    expect([...emulator.state.subscriptions.keys()]).toEqual(['contract_789']);
  },
);

test('a subscription that is refused for another reason is refused once the products are sure', async () => {
  await sync([asa]);
  emulator.admin.addFault({ path: '*/subscriptions/bulkinsert', status: 422 });
  expect(await sync([asa])).toMatchObject({ kind: 'failed', failure: { kind: 'rejected' } });
  expect(calls()).toEqual([UPSERT, SUBSCRIPTIONS, PRODUCTS, SUBSCRIPTIONS]);
});

test('rows go in bare arrays of at most a thousand', async () => {
  const contracts = Array.from({ length: 1001 }, (_none, index) =>
    aContract({ id: `c${String(index)}`, items: [{ sku: `ART-${String(index)}`, title: 'The long read' }] }),
  );
  expect(await sync([{ ...asa, contracts }])).toEqual(['delivered']);
  const sizes = emulator.admin.requests().map(({ body }) => (Array.isArray(body) ? body.length : 'one'));
  expect(sizes).toEqual(['one', 1000, 1, 1000, 1]);
});

test('each list has a flow of its own, with outcomes and an order of its own', async () => {
  expect(await sync([asa], { options: { list_id: 2 } })).toEqual(['delivered']);
  expect(subscriber('asa@example.com')?.lists).toEqual(['2']);
  expect(await sync([asa], { options: { list_id: 99 } })).toEqual(['suspended']);
  expect(await sync([asa])).toEqual(['delivered']);
  expect(subscriber('asa@example.com')?.lists).toEqual(['2', '1']);
  const input = syncSubscriber.input.parse({ email: 'asa@example.com' });
  const keyOf = (list_id: string) => syncSubscriber.orderKey({ ...input, list_id });
  expect(keyOf('2')).not.toBe(keyOf('99'));
});

test("a 404 that is not Make.as's own costs the subscriber and not the connection", async () => {
  emulator.admin.addFault({ path: '*/subscribers', status: 404, body: '<html>Not here</html>' });
  expect(await sync([asa])).toEqual(['rejected']);
});

test('columns that an account refuses can be left out', async () => {
  await sync([asa], { options: { subscription_columns: ['status'] } });
  expect(emulator.state.subscriptions.get('contract_789')).not.toHaveProperty('end_date');
});

test('an answer that shows no tags is followed by a look at the subscriber', async () => {
  emulator.admin.seed({
    subscribers: [{ lists: [1], row: { email: 'asa@example.com', tags: ['vip', 'sesamy_tag_old'] } }],
  });
  emulator.admin.addFault({
    path: '*/subscribers',
    when: 'after',
    times: 1,
    status: 200,
    body: { id: 7, status: '200 Success' },
  });
  expect(await sync([{ person }])).toEqual(['delivered']);
  expect(subscriber('asa@example.com')?.tags).toEqual(['vip']);
  expect(calls()).toEqual([UPSERT, 'POST /subscribers/by_email', 'POST /subscribers replace']);
});
