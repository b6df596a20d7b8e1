/** What the Rule connector leaves behind in an account, by either of Rule's APIs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { DEFAULT_KEY, ruleEmulator } from '../../emulators/rule/index.ts';
import { rule } from '../../src/connectors/rule/index.ts';
import { subscribers } from '../../src/connectors/rule/presets/subscribers.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';
import { aContract, anEntitlement, aSubscriberChange } from '../support/a-subscriber.ts';
import { aCache } from '../support/drive-steps.ts';
import { makeLeapingClock } from '../support/leaping-clock.ts';

const start = (clock: ReturnType<typeof makeLeapingClock>) => startEmulator(ruleEmulator, { clock });
type Snapshot = Parameters<typeof aSubscriberChange>[0];

describe.each(['v3', 'v2'])('by %s', (api_version) => {
  let emulator: Awaited<ReturnType<typeof start>>;
  let client: ConnectionClient;
  let cache = aCache();
  let settings: unknown;

  beforeEach(async () => {
    const clock = makeLeapingClock();
    emulator = await start(clock);
    cache = aCache();
    settings = rule.settings.parse({ api_key: DEFAULT_KEY, base_url: emulator.url, api_version });
    client = new ConnectionClient({ connector: rule, settings, clock, privateAddresses: true });
  });
  afterEach(async () => {
    await client.close();
    await emulator.close();
  });

  const action = subscribers.action;

  async function deliver(
    input: object,
    options: object = subscribers.options,
    isReplay = false,
  ): Promise<Outcome> {
    emulator.admin.clearRequests();
    const steps = action.deliver([{ input: action.input.parse(input), traceId: '1', attempt: 1 }], {
      settings: rule.settings.parse({ api_key: DEFAULT_KEY, base_url: emulator.url, api_version }),
      options: action.options.parse(options),
      cache,
      nowMs: emulator.clock.now(),
      isReplay,
    });
    const driven = await drive(steps, {
      client,
      claims: new RecordClaims(),
      signal: new AbortController().signal,
      onExchange: () => undefined,
    });
    if (driven.kind === 'failed') return driven.failure;
    const outcome = driven.kind === 'returned' ? driven.result[0] : undefined;
    if (outcome === undefined) throw new Error('nothing came of the input');
    return outcome;
  }

  async function sync(parts: Snapshot): Promise<Outcome> {
    const mapped = subscribers.map(aSubscriberChange(parts), action.options.parse(subscribers.options));
    if (mapped.kind !== 'input') throw new Error(`nothing was mapped: ${JSON.stringify(mapped)}`);
    return deliver(mapped.input);
  }

  interface Shown {
    readonly phone_number: string | null;
    readonly tags: readonly string[];
    readonly hasOldSegments: boolean;
    readonly fields: Readonly<Record<string, unknown>>;
    readonly automations: readonly { readonly tag: string; readonly mode: string }[];
  }

  function inRule(email: string): Shown {
    const query = new URLSearchParams({ email });
    const { subscribers: shown } = emulator.admin.state(query) as { subscribers: readonly Shown[] };
    if (shown[0] === undefined) throw new Error(`${email} is not in Rule`);
    return shown[0];
  }

  const statuses = () => emulator.admin.requests().map(({ status }) => status);
  const calls = () => emulator.admin.requests().map(({ method, path }) => `${method} ${path}`);

  const person = {
    userId: 'email|u1',
    email: 'asa@example.com',
    firstName: 'Åsa',
    createdAt: '2026-07-01T10:00:00Z',
  };
  const magazine = {
    contracts: [
      aContract({ createdAt: '2026-11-01T00:00:00Z', nextBillAt: '2026-12-01T08:00:00Z', price: 99 }),
    ],
    entitlements: [anEntitlement({ optionId: 'po-123' })],
    products: [{ sku: 'MAG-001', title: 'Premium Magazine', options: [{ id: 'po-123', title: 'Monthly' }] }],
  };

  test('a subscriber is written with fields of the right types, and loses what has ended', async () => {
    emulator.admin.seed({
      subscribers: [{ email: 'asa@example.com', tags: ['VIP', 'sesamy_overdue_contract'] }],
    });
    expect(
      await sync({ person, phones: { home: '+46 8 123 456 78', mobile: '+46701234567' }, ...magazine }),
    ).toMatchObject({
      kind: 'delivered',
      remoteId: '1000001',
    });
    const before = inRule('asa@example.com');
    expect(before.phone_number).toBe('+46701234567');
    expect(before.tags.toSorted()).toEqual([
      'VIP',
      'sesamy',
      'sesamy_active_entitlement_publication-premium-magazine',
      'sesamy_active_sku_mag-001',
      'sesamy_active_sku_po_mag-001-po-123',
      'sesamy_active_subscriber',
    ]);
    expect(before.fields).toMatchObject({
      'Subscriber.FirstName': 'Åsa',
      'Sesamy_User.ID': 'email|u1',
      'Sesamy_User.Created': '2026-07-01 12:00:00',
      'Sesamy_ActiveProducts.SKU': ['MAG-001'],
      'Sesamy_ActiveProducts.OptionTitles': ['Monthly'],
      'Sesamy_Subscription.Status': 'active',
      'Sesamy_Subscription.NextBillAt': '2026-12-01 09:00:00',
      'Sesamy_Subscription.Price': '99',
    });

    const contracts = [aContract({ status: 'canceled', isActive: false, updatedAt: '2026-11-20T12:00:00Z' })];
    await sync({ person, contracts });
    const after = inRule('asa@example.com');
    expect(after.tags.toSorted()).toEqual(['VIP', 'sesamy']);
    expect(after.phone_number).toBe('+46701234567');
    expect(after.fields).toMatchObject({
      'Sesamy_Subscription.Status': 'canceled',
      'Sesamy_Subscription.CanceledAt': '2026-11-20 13:00:00',
      'Sesamy_Subscription.CanceledCount': '1',
      'Sesamy_ActiveProducts.Count': '0',
    });
    for (const gone of ['Sesamy_ActiveProducts.SKU', 'Sesamy_Subscription.NextBillAt']) {
      expect(after.fields).not.toHaveProperty([gone]);
    }
  });

  test('a billing address is written whole, and stays when it is removed', async () => {
    await sync({
      person,
      addresses: { billing: { street: 'Storgatan 1', co: 'Berg', city: 'Lund' }, delivery: null },
    });
    await sync({ person, addresses: { billing: { street: 'Kungsgatan 2' }, delivery: null } });
    await sync({ person, tags: ['moved'] });
    const { fields } = inRule('asa@example.com');
    const billing = Object.entries(fields).filter(([key]) => key.startsWith('Sesamy_BillingAddress.'));
    expect(Object.fromEntries(billing)).toEqual({ 'Sesamy_BillingAddress.Street': 'Kungsgatan 2' });
  });

  test('keeps what Rule alone knows of a name', async () => {
    emulator.admin.seed({
      subscribers: [{ email: 'asa@example.com', fields: { 'Subscriber.FirstName': 'Å.' } }],
    });
    await sync({ person: { ...person, firstName: null } });
    expect(inRule('asa@example.com').fields).toMatchObject({ 'Subscriber.FirstName': 'Å.' });
  });

  test('a change costs few calls, and none that fails', async () => {
    await sync({ person, ...magazine });
    await sync({ person, ...magazine, tags: ['new'] });
    const email = 'asa%40example.com';
    expect(calls()).toEqual(
      api_version === 'v3'
        ? [
            `GET /api/v2/subscribers/${email}`,
            'POST /api/v3/custom-field-data/1000001',
            `PUT /api/v3/subscribers/${email}/tags`,
          ]
        : ['POST /api/v2/subscribers', `GET /api/v2/subscribers/${email}`],
    );
    expect(statuses().filter((status) => (status ?? 500) >= 400)).toEqual([]);
  });

  test('what was written a moment ago is not written again, unless it is asked for', async () => {
    const input = { email: 'asa@example.com', tags: ['sesamy'] };
    await deliver(input);
    expect(await deliver(input)).toEqual({ kind: 'delivered', notes: ['unchanged'] });
    expect(calls()).toEqual([]);
    expect(await deliver(input, {}, true)).toMatchObject({ kind: 'delivered' });
    expect(await deliver({ ...input, tags: ['sesamy', 'sesamy_tag_a'] })).toMatchObject({
      kind: 'delivered',
    });
  });

  test('a write of which the half failed is not taken for written', async () => {
    const input = { email: 'asa@example.com', tags: ['sesamy'] };
    await deliver(input);
    emulator.admin.addFault({ status: 500, times: 1, method: api_version === 'v3' ? 'PUT' : 'GET' });
    const other = { ...input, tags: ['sesamy', 'sesamy_tag_a'] };
    expect(await deliver(other)).toMatchObject({ kind: 'retry' });
    expect(await deliver(input)).toMatchObject({ kind: 'delivered' });
    expect(inRule('asa@example.com').tags).toEqual(['sesamy']);
  });

  test.each(['409', '422'] as const)(
    'two people with one phone number are both written, refused with %s',
    async (phoneOfAnother) => {
      emulator.admin.seed({ switches: { phoneOfAnother } });
      const phone = '+46701234567';
      await deliver({ email: 'asa@example.com', phone, tags: ['sesamy'] });
      const bo = { email: 'bo@example.com', phone, tags: ['sesamy'] };
      expect(await deliver(bo)).toMatchObject({
        kind: 'delivered',
        notes: [expect.stringMatching(/^phone: /)],
      });
      expect(inRule('bo@example.com').phone_number).toBeNull();
      expect(await deliver(bo)).toMatchObject({
        kind: 'delivered',
        notes: ['unchanged', expect.stringMatching(/^phone: /)],
      });
      await deliver({ ...bo, tags: ['sesamy', 'sesamy_tag_a'] });
      expect(statuses().filter((status) => (status ?? 500) >= 400)).toEqual([]);
    },
  );

  test('a number that changed is changed in Rule', async () => {
    const input = { email: 'asa@example.com', tags: ['sesamy'] };
    await deliver({ ...input, phone: '+46701234567' });
    await deliver({ ...input, phone: '+4790123456' });
    expect(inRule('asa@example.com').phone_number).toBe('+4790123456');
  });

  test('tags that are to stay do, and the vendor\'s "remove all" is never called', async () => {
    emulator.admin.seed({
      subscribers: [
        { email: 'asa@example.com', tags: ['sesamy_tag_a', 'sesamy_tag_b', 'sesamy_made_single_purchase'] },
      ],
    });
    await deliver({ email: 'asa@example.com', tags: ['sesamy'], keep_tags: ['sesamy_made_single_purchase'] });
    expect(inRule('asa@example.com').tags).toEqual(['sesamy_made_single_purchase', 'sesamy']);
    const removed = calls().filter((call) => call.startsWith('DELETE'));
    expect(removed.map((call) => call.split('/').at(-1))).toEqual(['sesamy_tag_a', 'sesamy_tag_b']);
  });

  test('who loses a tag leaves its segments, and starts no automation by that', async () => {
    const tags = ['sesamy', 'sesamy_tag_a'];
    await deliver({ email: 'asa@example.com', tags }, { automation: 'force' });
    await deliver({ email: 'asa@example.com', tags: ['sesamy'] }, { automation: 'force' });
    const after = inRule('asa@example.com');
    expect(after.tags).toEqual(['sesamy']);
    expect(after.hasOldSegments).toBe(false);
    // v2 has no call that adds only what is missing: it starts again what it is told to start.
    const again = api_version === 'v3' ? [] : ['sesamy'];
    expect(after.automations.map(({ tag }) => tag)).toEqual([...tags, ...again]);
  });

  test('a tag that somebody else removed first is as good as removed', async () => {
    emulator.admin.seed({ subscribers: [{ email: 'asa@example.com', tags: ['sesamy_tag_a'] }] });
    emulator.admin.addFault({ method: 'DELETE', status: 404, times: 1, when: 'after' });
    expect(await deliver({ email: 'asa@example.com', tags: ['sesamy'] })).toMatchObject({
      kind: 'delivered',
    });
  });

  test.each([
    ['send', [{ tag: 'sesamy', mode: 'send' }]],
    ['none', []],
    ['force', [{ tag: 'sesamy', mode: 'force' }]],
    ['reset', [{ tag: 'sesamy', mode: 'reset' }]],
  ])('automations follow the option: %s', async (automation, started) => {
    await deliver({ email: 'asa@example.com', tags: ['sesamy'] }, { automation });
    expect(inRule('asa@example.com').automations).toEqual(started);
  });

  test.each([
    ['a time that is none', { fields: { 'A.B': 'soon' } }, 'rule.field_value'],
    ['JSON that is none', { fields: { 'A.C': '{' } }, 'rule.field_value'],
    ['a group that is too large', { fields: { 'A.D': 'å'.repeat(34_000) } }, 'rule.group_too_large'],
  ])('%s is refused without asking Rule', async (_what, more, code) => {
    const options = { field_types: { 'A.B': 'datetime', 'A.C': 'json' } };
    const outcome = await deliver({ email: 'asa@example.com', tags: ['sesamy'], ...more }, options);
    expect(outcome).toMatchObject({ kind: 'rejected', fault: { code } });
    expect(calls()).toEqual([]);
  });

  test("a refusal names Rule's code and the fields, and no value", async () => {
    emulator.admin.addFault({
      status: 422,
      body: { message: 'asa@example.com is bad', errors: { email: ['asa@example.com is bad'] } },
    });
    expect(await deliver({ email: 'asa@example.com', tags: ['sesamy'] })).toEqual({
      kind: 'rejected',
      fault: { code: 'rule.http_422', message: 'Rule answered 422 (email).', status: 422 },
    });
  });

  test('a subscriber whom somebody else creates meanwhile is found', async () => {
    emulator.admin.seed({ subscribers: [{ email: 'asa@example.com', tags: ['sesamy_tag_a'] }] });
    emulator.admin.addFault({ method: 'GET', status: 404, times: 1 });
    const first = await deliver({ email: 'asa@example.com', tags: ['sesamy'] });
    // By v2 the read comes after the write: a subscriber who is not there yet is read again with the next attempt.
    expect(first.kind).toBe(api_version === 'v3' ? 'delivered' : 'retry');
    expect(statuses().slice(0, 3)).toEqual(api_version === 'v3' ? [404, 409, 200] : [200, 404]);
    await deliver({ email: 'asa@example.com', tags: ['sesamy'] });
    expect(inRule('asa@example.com').tags).toEqual(['sesamy']);
  });

  test('calls get fewer while a large share of them fails, and the key is not blocked', async () => {
    for (let index = 0; index < 100; index += 1) {
      const headers = { authorization: `Bearer ${DEFAULT_KEY}` };
      const path = index % 5 < 2 ? '/api/v2/nowhere' : '/api/v3/sender/details';
      await (await fetch(emulator.url + path, { headers })).arrayBuffer();
    }
    await deliver({ email: 'asa@example.com', tags: ['sesamy'] });
    const use = Object.fromEntries(client.limitUse().map(({ name, allowed }) => [name, allowed]));
    expect(use['failures']).toBeLessThan(100);
    expect(use['calls']).toBeGreaterThan(190);
  });
});
