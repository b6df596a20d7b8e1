/** The Mailmojo preset and its action against the emulator: what a contact ends as, whoever else writes it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { mailmojoEmulator } from '../../emulators/mailmojo/index.ts';
import { DEFAULT_TOKEN } from '../../emulators/mailmojo/state.ts';
import { syncContact } from '../../src/connectors/mailmojo/actions/sync-contact.ts';
import { mailmojo } from '../../src/connectors/mailmojo/index.ts';
import { subscribers } from '../../src/connectors/mailmojo/presets/subscribers.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { ConnectionCache } from '../../src/kit/index.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';
import { aContract, anEntitlement, aSubscriberChange } from '../support/a-subscriber.ts';
import { aCache } from '../support/drive-steps.ts';
import { makeLeapingClock } from '../support/leaping-clock.ts';

const clock = makeLeapingClock();
const start = () => startEmulator(mailmojoEmulator, { clock });
let emulator: Awaited<ReturnType<typeof start>>;
let client: ConnectionClient;
let settings: ReturnType<typeof mailmojo.settings.parse>;
let cache: ConnectionCache;
let claims: RecordClaims;

beforeAll(async () => {
  emulator = await start();
  settings = mailmojo.settings.parse({ api_token: DEFAULT_TOKEN, list_id: 1, base_url: emulator.url });
  client = new ConnectionClient({ connector: mailmojo, settings, clock, privateAddresses: true });
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});
beforeEach(() => {
  emulator.admin.reset({ lists: [{ id: 2, name: 'Members' }] });
  cache = aCache();
  claims = new RecordClaims();
});

const EMAIL = 'asa@example.com';
const ASA = {
  userId: 'email|u1',
  email: EMAIL,
  firstName: 'Åsa',
  lastName: 'Öberg',
  updatedAt: '2026-11-20T10:00:00Z',
};

type Snapshot = Parameters<typeof aSubscriberChange>[0];

function mapped(snapshot: Snapshot, options: object = {}) {
  return subscribers.map(
    aSubscriberChange(snapshot, { occurredAt: '2026-11-21T11:00:00.000Z' }),
    syncContact.options.parse(options),
  );
}

/** Maps a snapshot by the preset and sends what comes of it. */
async function sync(snapshot: Snapshot, options: object = {}): Promise<Outcome | undefined> {
  const made = mapped(snapshot, options);
  if (made.kind !== 'input') throw new Error(`The preset mapped nothing: ${JSON.stringify(made)}`);
  const input = syncContact.input.parse(made.input);
  const parsed = syncContact.options.parse(options);
  const context = { settings, options: parsed, cache, nowMs: clock.now() };
  const driven = await drive(syncContact.deliver([{ input, traceId: '1', attempt: 1 }], context), {
    client,
    claims,
    signal: new AbortController().signal,
    onExchange: () => undefined,
  });
  if (driven.kind === 'failed') return driven.failure;
  return driven.kind === 'returned' ? driven.result[0] : undefined;
}

/** The contact as the emulator shows it. */
function contact(email = EMAIL): Record<string, unknown> {
  const { contacts } = emulator.admin.state(new URLSearchParams({ email })) as { contacts: object[] };
  return { ...contacts[0] };
}

function calls(): readonly string[] {
  return emulator.admin.requests().map(({ method, path }) => `${method} ${decodeURIComponent(path)}`);
}

const SUBSCRIBED = {
  person: ASA,
  phones: { default: '08-123', mobile: '+46701234567' },
  contracts: [aContract({ issuesRemaining: 8 })],
  entitlements: [anEntitlement({ optionId: 'po-123' })],
};
const TAGS = [
  'sesamy_active_subscriber',
  'sesamy_active_entitlement_publication-premium-magazine',
  'sesamy_active_sku_mag-001',
  'sesamy_active_sku_po_mag-001-po-123',
];

test('a subscriber becomes a contact of the list with every documented field', async () => {
  expect(await sync(SUBSCRIBED)).toEqual({ kind: 'delivered' });
  expect(contact()).toMatchObject({
    email: EMAIL,
    first_name: 'Åsa',
    last_name: 'Öberg',
    phone: '+46701234567',
    tags: TAGS,
    custom: {
      sesamy_user_id: 'email|u1',
      sesamy_has_active_subscription: 'true',
      sesamy_active_subscriptions: '1',
      sesamy_canceled_subscriptions: '0',
      sesamy_expired_subscriptions: '0',
      sesamy_ended_subscriptions: '0',
      sesamy_articles_purchased: '0',
      sesamy_issues_remaining: '8',
      sesamy_last_seen: '2026-11-20',
    },
    list_associations: [{ list_id: 1, status: 'a' }],
  });
  expect(calls()).toEqual([
    `GET /v1/contacts/${EMAIL}/`,
    'POST /v1/lists/1/subscribers/',
    `GET /v1/contacts/${EMAIL}/`,
  ]);
});

test('account fields are made once, and a contact that is as it should be costs one reading', async () => {
  await sync(SUBSCRIBED);
  const made = [...emulator.state.fields];
  expect(made).toHaveLength(9);
  emulator.admin.clearRequests();
  expect(await sync(SUBSCRIBED)).toEqual({ kind: 'delivered', notes: ['unchanged'] });
  expect(calls()).toEqual([`GET /v1/contacts/${EMAIL}/`]);
  await sync({ ...SUBSCRIBED, person: { ...ASA, userId: 'email|u2', email: 'bo@example.com' } });
  expect([...emulator.state.fields]).toEqual(made);
});

test('names and phone are filled in where Mailmojo has none, and left alone where it has', async () => {
  emulator.admin.seed({ contacts: [{ email: EMAIL, first_name: 'Asa', phone: '112', lists: { 1: 'a' } }] });
  await sync(SUBSCRIBED);
  expect(contact()).toMatchObject({ first_name: 'Asa', last_name: 'Öberg', phone: '112' });
});

test('outdated tags go, wanted ones come, a single purchase and the tags of others stay', async () => {
  const tags = ['vip', 'sesamy_active_sku_old', 'sesamy_made_single_purchase', 'sesamy'];
  emulator.admin.seed({ contacts: [{ email: EMAIL, tags, lists: { 1: 'a' } }] });
  await sync(SUBSCRIBED);
  expect(contact()['tags']).toEqual(['vip', 'sesamy_made_single_purchase', 'sesamy', ...TAGS]);
  await sync({ ...SUBSCRIBED, contracts: [aContract({ status: 'expired' })], entitlements: [] });
  expect(contact()['tags']).toEqual(['vip', 'sesamy_made_single_purchase', 'sesamy']);
});

test.each(['replace', 'merge'] as const)(
  'somebody who puts back what they read before our write loses nothing, and neither do we (%s)',
  async (subscriptionTags) => {
    emulator.admin.setLimits({ subscriptionTags });
    emulator.admin.seed({
      contacts: [{ email: EMAIL, tags: ['vip', 'sesamy_active_sku_old'], lists: { 1: 'a' } }],
      edits: [{ email: EMAIL, after: 'write', set: ['vip', 'sesamy_active_sku_old', 'theirs'] }],
    });
    expect(await sync(SUBSCRIBED)).toMatchObject({ kind: 'delivered' });
    expect(contact()['tags']).toEqual(['vip', 'theirs', ...TAGS]);
  },
);

test('a tag that somebody puts on between our reading and our write is kept where Mailmojo adds tags', async () => {
  emulator.admin.setLimits({ subscriptionTags: 'merge' });
  emulator.admin.seed({
    contacts: [{ email: EMAIL, tags: ['vip'], lists: { 1: 'a' } }],
    edits: [{ email: EMAIL, after: 'read', add: ['theirs'] }],
  });
  await sync(SUBSCRIBED);
  expect(contact()['tags']).toEqual(['vip', 'theirs', ...TAGS]);
});

test('a tag that comes while a contact is put on the list is there when outdated ones are taken off', async () => {
  emulator.admin.setLimits({ subscriptionTags: 'merge' });
  emulator.admin.seed({
    contacts: [{ email: EMAIL, tags: ['sesamy_active_sku_old'], lists: { 2: 'a' } }],
    edits: [{ email: EMAIL, after: 'write', add: ['theirs'] }],
  });
  await sync(SUBSCRIBED);
  expect(contact()['tags']).toEqual([...TAGS, 'theirs']);
  expect(calls().filter((call) => !call.startsWith('GET'))).toEqual([
    'POST /v1/lists/1/subscribers/',
    `PATCH /v1/contacts/${EMAIL}/`,
  ]);
});

test('somebody who never stops writing is met by a retry after four writes', async () => {
  emulator.admin.seed({
    contacts: [{ email: EMAIL, lists: { 1: 'a' } }],
    edits: [{ email: EMAIL, after: 'write', set: ['theirs'], times: 9 }],
  });
  expect(await sync(SUBSCRIBED)).toMatchObject({
    kind: 'retry',
    fault: { code: 'mailmojo.contact_contended' },
  });
  expect(calls().filter((call) => !call.startsWith('GET'))).toHaveLength(4);
});

test('two flows that feed two lists take turns at one contact', async () => {
  const [one, two] = await Promise.all([sync(SUBSCRIBED), sync(SUBSCRIBED, { list_id: '2' })]);
  expect([one, two]).toEqual([{ kind: 'delivered' }, { kind: 'delivered' }]);
  expect(contact()).toMatchObject({ tags: TAGS, list_associations: [{ list_id: 1 }, { list_id: 2 }] });
  const writes = calls().map((call, index) => (call.startsWith('POST') ? index : -1));
  expect(writes.filter((index) => index >= 0)).toEqual([1, 4]);
});

test.each([
  ['left the list', { 1: 'u' }, ['1: u']],
  ['left every list, and was never on this one', { 2: 'u' }, ['2: u']],
  ['left this list and stays on another', { 1: 'u', 2: 'a' }, ['1: u', '2: a']],
  ['cannot be reached', { 1: 'b' }, ['1: b']],
] as const)('nobody who %s is subscribed again, and fields and tags are kept', async (_who, lists, after) => {
  emulator.admin.seed({ contacts: [{ email: EMAIL, lists }] });
  expect(await sync(SUBSCRIBED)).toMatchObject({ kind: 'delivered' });
  const { list_associations, tags } = contact() as {
    list_associations: { list_id: number; status: string }[];
    tags: string[];
  };
  expect(list_associations.map(({ list_id, status }) => `${String(list_id)}: ${status}`)).toEqual(after);
  expect(tags).toEqual(TAGS);
});

test('somebody who leaves while their change is on its way stays away', async () => {
  emulator.admin.seed({ contacts: [{ email: EMAIL, lists: { 1: 'a' } }] });
  const waiting = emulator.admin.addFault({ method: 'POST', status: 503, times: 1 });
  expect(await sync(SUBSCRIBED)).toMatchObject({ kind: 'retry' });
  emulator.admin.removeFault(waiting.id);
  emulator.state.unsubscribe(1, EMAIL);
  await sync(SUBSCRIBED);
  expect(contact()).toMatchObject({ status: 'u', tags: TAGS });
});

test('a contact that was deleted in Mailmojo is left alone', async () => {
  emulator.admin.seed({ contacts: [{ email: EMAIL, isDeleted: true, lists: { 1: 'd' } }] });
  expect(await sync(SUBSCRIBED)).toMatchObject({ kind: 'skipped' });
  expect(calls()).toHaveLength(1);
});

test.each(['refuse', 'ignore'] as const)(
  'an account that would %s unknown fields gets all the rest, and the record says so',
  async (unknownFields) => {
    emulator.admin.setLimits({ unknownFields });
    const note = expect.stringContaining('did not keep all account fields') as string;
    expect(await sync(SUBSCRIBED)).toEqual({ kind: 'delivered', notes: [note] });
    expect(contact()).toMatchObject({ first_name: 'Åsa', tags: TAGS, custom: {} });
  },
);

test.each(['merge', 'replace'] as const)(
  'fields that we do not write stay as they are, whether Mailmojo would %s them',
  async (customWrites) => {
    emulator.admin.setLimits({ customWrites });
    emulator.admin.seed({
      contacts: [{ email: EMAIL, custom: { town: 'Oslo', sesamy_user_id: 'email|u1' }, lists: { 1: 'a' } }],
    });
    await sync(SUBSCRIBED);
    await sync({ ...SUBSCRIBED, contracts: [] });
    expect(contact()['custom']).toMatchObject({
      town: 'Oslo',
      sesamy_user_id: 'email|u1',
      sesamy_active_subscriptions: '0',
      sesamy_last_seen: '2026-11-20',
    });
  },
);

test('refused fields are not tried again with every contact', async () => {
  emulator.admin.setLimits({ unknownFields: 'refuse' });
  await sync(SUBSCRIBED);
  await sync({ ...SUBSCRIBED, person: { ...ASA, email: 'bo@example.com' } });
  expect(emulator.admin.countRequests({ status: 400 })).toBe(1);
});

test('a list that is not there suspends the connection, and costs no contact', async () => {
  const fault = { code: 'mailmojo.list_missing', message: 'Mailmojo has no list 99.', status: 404 };
  expect(await sync(SUBSCRIBED, { list_id: '99' })).toEqual({ kind: 'suspended', fault });
});

test("a 404 that is not Mailmojo's own costs the contact and not the connection", async () => {
  emulator.admin.addFault({ method: 'POST', status: 404, body: '<html>Not here</html>' });
  expect(await sync(SUBSCRIBED)).toMatchObject({ kind: 'rejected' });
});

test('a refusal that is not about fields is the outcome, in the words of Mailmojo', async () => {
  emulator.admin.addFault({
    method: 'POST',
    status: 400,
    body: { title: 'Bad Request', detail: 'No such phone.' },
  });
  expect(await sync(SUBSCRIBED)).toMatchObject({
    kind: 'rejected',
    fault: { message: 'Mailmojo answered 400: No such phone.' },
  });
});

test.each([
  ['no address', { userId: 'u', email: null }, 'no e-mail address'],
  ['an address that is none', { userId: 'u', email: 'asa at example' }, 'not valid'],
  ['a guest', { userId: 'u', email: EMAIL, emailVerified: false }, 'guest'],
] as const)('%s is skipped with its reason', (_who, person, reason) => {
  expect(mapped({ person })).toEqual({ kind: 'skip', reason: expect.stringContaining(reason) as string });
});

test('guests are kept when the flow says so', () => {
  expect(mapped({ person: { ...ASA, emailVerified: false } }, { guests: 'keep' }).kind).toBe('input');
});

test('a merged change has the effect of both: first names, newest fields, and a gift that one event told', () => {
  const gift = 'sesamy_has_gifted_subscription';
  const parse = (input: object) => syncContact.input.parse({ email: EMAIL, ...input });
  const older = parse({ first_name: 'Åsa', fields: { a: '1', b: '1' }, tags: { set: [gift], keep: [] } });
  const newer = parse({
    first_name: 'Asa',
    fields: { b: '2' },
    tags: { set: ['sesamy_tag_vip'], keep: [gift] },
  });
  const options = syncContact.options.parse({});
  expect(syncContact.coalesce?.(older, newer, options)).toMatchObject({
    first_name: 'Åsa',
    fields: { a: '1', b: '2' },
    tags: { set: ['sesamy_tag_vip', gift], keep: [gift] },
  });
});
