/** The emulator, proven by Mailchimp's own client. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import client from '@mailchimp/mailchimp_marketing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startEmulator } from '../../emulators/core/index.ts';
import { mailchimpEmulator } from '../../emulators/mailchimp/index.ts';
import { DEFAULT_KEY, DEFAULT_LIST } from '../../emulators/mailchimp/state.ts';

const start = () => startEmulator(mailchimpEmulator);
let emulator: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  emulator = await start();
  use(DEFAULT_KEY);
});
afterEach(() => emulator.close());

function use(apiKey: string): void {
  client.setConfig({ apiKey, server: 'us6' });
  client.basePath = `${emulator.url}/3.0`;
}

const LIST = DEFAULT_LIST;
const ASA = 'Asa@Daily.se';
const hashOf = (email: string): string => createHash('md5').update(email.toLowerCase()).digest('hex');
const HASH = hashOf(ASA);

const problemShape = z.object({
  status: z.number(),
  response: z.object({
    type: z.string(),
    body: z.object({
      type: z.string(),
      title: z.string(),
      status: z.number(),
      detail: z.string(),
      instance: z.uuid(),
      errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
  }),
});

/** What the client rejects with, as `status title`, and the fields that it names. */
async function refusal(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => expect.unreachable('it was not refused'),
    (reason: unknown) => reason,
  );
  const { status, response } = problemShape.parse(error);
  expect(response.type).toBe('application/problem+json');
  expect(response.body.status).toBe(status);
  const fields = (response.body.errors ?? []).map(({ field }) => field);
  return { said: `${String(status)} ${response.body.title}`, detail: response.body.detail, fields };
}

const put = (email: string, more: object = {}): Promise<unknown> =>
  client.lists.setListMember(LIST, hashOf(email), {
    email_address: email,
    status_if_new: 'subscribed',
    ...more,
  });

test('the client is let in by key or token, and told apart from one of another data centre', async () => {
  expect(await client.ping.get()).toEqual({ health_status: "Everything's Chimpy!" });
  expect(await client.root.getRoot()).toMatchObject({ account_name: 'The Daily Emulator' });
  client.setConfig({ accessToken: DEFAULT_KEY, server: 'us6' });
  client.basePath = `${emulator.url}/3.0`;
  expect(await client.lists.getList(LIST)).toMatchObject({ name: 'Readers', double_optin: false });

  use('unknown-us6');
  expect((await refusal(client.ping.get())).said).toBe('401 API Key Invalid');
  use('emulator-us9');
  const elsewhere = await refusal(client.ping.get());
  expect([elsewhere.said, elsewhere.detail]).toEqual([
    '403 Forbidden',
    "The API key provided is linked to datacenter 'us9'.",
  ]);
});

test('a PUT makes a contact by status_if_new, and leaves the status of one that is there', async () => {
  expect(await refusal(put(ASA, { status_if_new: undefined }))).toMatchObject({ fields: ['status_if_new'] });
  const made = await put(ASA, { status_if_new: 'pending', merge_fields: { FNAME: 'Åsa', NOSUCH: 'x' } });
  expect(made).toMatchObject({
    id: HASH,
    email_address: ASA,
    status: 'pending',
    full_name: 'Åsa',
    merge_fields: { FNAME: 'Åsa', LNAME: '', PHONE: '', ADDRESS: '' },
    tags: [],
    tags_count: 0,
  });
  await client.lists.updateListMember(LIST, HASH, { status: 'unsubscribed' });
  expect(await put(ASA, { merge_fields: { LNAME: 'Ek' } })).toMatchObject({
    status: 'unsubscribed',
    full_name: 'Åsa Ek',
  });
  expect((await refusal(put(ASA, { status: 'subscribed' }))).said).toBe('400 Member In Compliance State');
  expect(await client.lists.updateListMember(LIST, HASH, { status: 'pending' })).toMatchObject({
    status: 'pending',
  });
});

test('contacts are found by hash, address and contact id', async () => {
  const { contact_id } = z.object({ contact_id: z.string() }).parse(await put(ASA));
  for (const key of [HASH, ASA, contact_id]) {
    expect(await client.lists.getListMember(LIST, key, { fields: ['id'] })).toEqual({ id: HASH });
  }
  expect((await refusal(client.lists.getListMember(LIST, hashOf('bo@daily.se')))).said).toBe(
    '404 Resource Not Found',
  );
  expect((await refusal(client.lists.getList('nosuch'))).said).toBe('404 Resource Not Found');
});

test.each([
  ['an address at a domain that nobody has', 'asa@example.com', 'Invalid Resource', 'looks fake or invalid'],
  ['no address', 'asa', 'Invalid Resource', 'valid email address'],
  ['who was deleted for good', 'bo@daily.se', 'Forgotten Email Not Subscribed', 'cannot be re-imported'],
  ['who is barred', 'cia@daily.se', 'Member In Compliance State', 'in a compliance state'],
])('%s is refused', async (_what, email, title, fragment) => {
  emulator.admin.seed({ lists: [{ forgotten: ['bo@daily.se'], compliance: ['cia@daily.se'] }] });
  const refused = await refusal(put(email));
  expect([refused.said, refused.detail.includes(fragment)]).toEqual([`400 ${title}`, true]);
});

test('archiving keeps a contact, deleting for good keeps the address out', async () => {
  await put(ASA);
  expect(await client.lists.deleteListMember(LIST, HASH)).toBeNull();
  expect(await put(ASA, { merge_fields: { FNAME: 'Åsa' } })).toMatchObject({ status: 'archived' });
  expect(await client.lists.deleteListMemberPermanent(LIST, HASH)).toBeNull();
  expect((await refusal(put(ASA))).said).toBe('400 Forgotten Email Not Subscribed');
});

test('tags are made by name, put on and taken off; a contact shows fifty, its tags page by page', async () => {
  expect(
    await client.lists.addListMember(LIST, { email_address: ASA, status: 'subscribed', tags: ['vip'] }),
  ).toMatchObject({ tags: [{ name: 'vip' }], tags_count: 1 });
  expect(
    (await refusal(client.lists.addListMember(LIST, { email_address: ASA, status: 'subscribed' }))).said,
  ).toBe('400 Member Exists');
  const names = Array.from({ length: 60 }, (_none, index) => `tag ${String(index)}`);
  const change = [...names.map((name) => ({ name, status: 'active' })), { name: 'gone', status: 'inactive' }];
  expect(await client.lists.updateListMemberTags(LIST, HASH, { tags: change })).toBeNull();
  await client.lists.updateListMemberTags(LIST, HASH, { tags: [{ name: 'vip', status: 'inactive' }] });
  const shown = z
    .object({ tags: z.array(z.object({ name: z.string() })), tags_count: z.number() })
    .parse(await client.lists.getListMember(LIST, HASH));
  expect([shown.tags.length, shown.tags_count]).toEqual([50, 60]);
  const page = z
    .object({ tags: z.array(z.object({ name: z.string() })), total_items: z.number() })
    .parse(await client.lists.getListMemberTags(LIST, HASH, { count: 1000, offset: 50 }));
  expect([page.total_items, page.tags.map(({ name }) => name)]).toEqual([60, names.slice(50)]);
  expect(await client.lists.tagSearch(LIST, { name: 'TAG 5' })).toMatchObject({ total_items: 11 });
});

test('an event that is sent twice is there twice', async () => {
  await put(ASA);
  const event = {
    name: 'contract_update',
    properties: { id: '1' },
    occurred_at: '2026-11-21T12:00:00+00:00',
  };
  expect(await client.lists.createListMemberEvent(LIST, HASH, event)).toBeNull();
  await client.lists.createListMemberEvent(LIST, HASH, event);
  expect(await client.lists.getListMemberEvents(LIST, HASH)).toMatchObject({
    events: [event, event],
    total_items: 2,
  });
  for (const wrong of [{ name: 'x' }, { name: 'x'.repeat(31) }, { ...event, properties: { id: 1 } }]) {
    expect((await refusal(client.lists.createListMemberEvent(LIST, HASH, wrong))).said).toBe(
      '400 Invalid Resource',
    );
  }
});

test('merge fields have short tags of their own, a type for good, and a quota', async () => {
  const make = (tag: string, type = 'text', name = tag) =>
    client.lists.addListMergeField(LIST, { tag, type, name });
  expect(await make('SMYACTSUBS', 'number')).toMatchObject({ merge_id: 5, tag: 'SMYACTSUBS', list_id: LIST });
  for (const [tag, type] of [
    ['ELEVENCHARS', 'text'],
    ['lower', 'text'],
    ['EMAIL', 'text'],
    ['SMYACTSUBS', 'number'],
    ['GOOD', 'nosuch'],
  ] as const) {
    expect((await refusal(make(tag, type))).said, tag).toBe('400 Invalid Resource');
  }
  // Five are there, and EMAIL counts: 24 more make 30.
  for (let index = 1; index <= 24; index += 1) await make(`F${String(index)}`);
  expect((await refusal(make('ONETOOMANY'))).detail).toContain('maximum of 30');
  expect(await client.lists.getListMergeFields(LIST, { count: 2 })).toMatchObject({ total_items: 29 });
  await client.lists.deleteListMergeField(LIST, '5');
  await make('ONETOOMANY');
});

test.each([
  ['number', '5', 5, 'five'],
  ['date', '2026-11-21', '2026-11-21', '21-11-2026'],
  ['birthday', '11/21', '11/21', '13/01'],
  ['zip', '90210', '90210', '11420 '],
  ['url', 'https://daily.se', 'https://daily.se', 'daily'],
  ['text', 'å'.repeat(127), 'å'.repeat(127), 'å'.repeat(128)],
  ['dropdown', 'a', 'a', 'b'],
] as const)('a field of type %s takes what it is for', async (type, good, kept, bad) => {
  await client.lists.addListMergeField(LIST, { tag: 'X', name: 'X', type, options: { choices: ['a'] } });
  expect(await put(ASA, { merge_fields: { X: good } })).toMatchObject({ merge_fields: { X: kept } });
  expect((await refusal(put(ASA, { merge_fields: { X: bad } }))).fields).toEqual(['X']);
  expect(await put(ASA, { merge_fields: { X: '' } })).toMatchObject({ merge_fields: { X: '' } });
});

test('a field that the audience requires may be left out by whoever says so', async () => {
  await client.lists.addListMergeField(LIST, { tag: 'CITY', name: 'City', type: 'text', required: true });
  expect((await refusal(put(ASA))).fields).toEqual(['CITY']);
  const body = { email_address: ASA, status_if_new: 'subscribed' };
  await client.lists.setListMember(LIST, HASH, body, { skipMergeValidation: true });
});

test('many contacts in one call succeed and fail one by one', async () => {
  emulator.admin.seed({
    lists: [
      {
        members: [{ email_address: 'bo@daily.se', status: 'unsubscribed', tags: ['foreign', 'sesamy_old'] }],
      },
    ],
  });
  const member = (email_address: string, more: object = {}) => ({ email_address, ...more });
  const answer = await client.lists.batchListMembers(LIST, {
    members: [
      member(ASA, { status: 'subscribed', tags: ['new'] }),
      member('bo@daily.se', { merge_fields: { FNAME: 'Bo' } }),
      member('cia@daily.se'),
      member('asa@example.com', { status: 'subscribed' }),
      member('BO@daily.se', { merge_fields: { FNAME: 'Bo again' } }),
    ],
    update_existing: true,
  });
  expect(answer).toMatchObject({
    new_members: [{ email_address: ASA, tags: [{ name: 'new' }] }],
    updated_members: [
      { status: 'unsubscribed', full_name: 'Bo', tags: [{ name: 'foreign' }, { name: 'sesamy_old' }] },
    ],
    errors: [
      { email_address: 'cia@daily.se', error_code: 'ERROR_GENERIC' },
      { email_address: 'asa@example.com', error_code: 'ERROR_GENERIC' },
      { email_address: 'BO@daily.se', error_code: 'ERROR_GENERIC' },
    ],
    total_created: 1,
    total_updated: 1,
    error_count: 3,
  });
  const kept = await client.lists.batchListMembers(LIST, { members: [member(ASA)] });
  expect(kept).toMatchObject({ errors: [{ error_code: 'ERROR_CONTACT_EXISTS' }] });
  const synced = {
    members: [member('bo@daily.se', { tags: ['only'] })],
    update_existing: true,
    sync_tags: true,
  };
  expect(await client.lists.batchListMembers(LIST, synced)).toMatchObject({
    updated_members: [{ tags: [{ name: 'only' }] }],
  });
  const tooMany = Array.from({ length: 501 }, (_none, index) => member(`r${String(index)}@daily.se`));
  expect((await refusal(client.lists.batchListMembers(LIST, { members: tooMany }))).said).toBe(
    '400 Invalid Resource',
  );
});

test('a job of many calls ends a while later, with every answer in an archive', async () => {
  emulator.clock.freeze();
  const { id } = z.object({ id: z.string(), status: z.literal('pending') }).parse(
    await client.batches.start({
      operations: [
        {
          method: 'PUT',
          path: `/lists/${LIST}/members/${HASH}`,
          body: JSON.stringify({ email_address: ASA, status_if_new: 'subscribed' }),
          operation_id: 'put',
        },
        { method: 'GET', path: 'lists/nosuch' },
      ],
    }),
  );
  emulator.clock.advance(1_000);
  const job = z
    .object({ status: z.string(), errored_operations: z.number(), response_body_url: z.string() })
    .parse(await client.batches.status(id));
  expect([job.status, job.errored_operations]).toEqual(['finished', 1]);
  const tar = gunzipSync(Buffer.from(await (await fetch(job.response_body_url)).arrayBuffer()));
  const size = Number.parseInt(tar.toString('ascii', 124, 135), 8);
  const answers = z
    .array(z.object({ status_code: z.number(), operation_id: z.string().nullable(), response: z.string() }))
    .parse(JSON.parse(tar.toString('utf8', 512, 512 + size)));
  expect(answers.map(({ status_code, operation_id }) => [status_code, operation_id])).toEqual([
    [200, 'put'],
    [404, null],
  ]);
  expect(JSON.parse(answers[0]?.response ?? '')).toMatchObject({ id: HASH });
});

test('the eleventh connection that is open at once is refused, and nothing announces it', async () => {
  emulator.admin.setLimits({ latencyMs: 1_000 });
  emulator.clock.freeze();
  const ask = () =>
    fetch(`${emulator.url}/3.0/ping`, { headers: { authorization: `Bearer ${DEFAULT_KEY}` } });
  const open = Array.from({ length: 10 }, ask);
  await expect.poll(() => emulator.state.openConnections).toBe(10);
  const eleventh = await ask();
  expect(eleventh.status).toBe(429);
  expect([...eleventh.headers.keys()].filter((name) => /limit|retry/.test(name))).toEqual([]);
  emulator.clock.advance(1_000);
  expect((await Promise.all(open)).map(({ status }) => status)).toEqual(Array(10).fill(200));
  expect(emulator.state.connectionsMost).toBe(10);
});
