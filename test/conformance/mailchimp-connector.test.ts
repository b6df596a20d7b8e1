/** What the Mailchimp connector leaves behind in an audience. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { mailchimpEmulator } from '../../emulators/mailchimp/index.ts';
import { DEFAULT_KEY, DEFAULT_LIST } from '../../emulators/mailchimp/state.ts';
import { mailchimp } from '../../src/connectors/mailchimp/index.ts';
import { subscribers } from '../../src/connectors/mailchimp/presets/subscribers.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';
import { aCache } from '../support/drive-steps.ts';

const start = () => startEmulator(mailchimpEmulator);
let emulator: Awaited<ReturnType<typeof start>>;
let client: ConnectionClient;
let cache = aCache();

const settings = (more: object = {}) =>
  mailchimp.settings.parse({ api_key: DEFAULT_KEY, list_id: DEFAULT_LIST, base_url: emulator.url, ...more });

beforeEach(async () => {
  emulator = await start();
  cache = aCache();
  client = new ConnectionClient({
    connector: mailchimp,
    settings: settings(),
    clock: systemClock,
    privateAddresses: true,
  });
});
afterEach(async () => {
  await client.close();
  await emulator.close();
});

interface Run {
  readonly action?: 'upsert-member' | 'record-activity';
  readonly settings?: object;
  readonly options?: object;
  readonly isReplay?: boolean;
  readonly attempt?: number;
}

async function deliver(inputs: readonly object[], run: Run = {}): Promise<readonly Outcome[]> {
  emulator.admin.clearRequests();
  const action = mailchimp.actions[run.action ?? 'upsert-member'];
  if (action === undefined) throw new TypeError('no such action');
  const items = inputs.map((input, index) => ({
    input: action.input.parse(input),
    traceId: String(index),
    attempt: run.attempt ?? 1,
  }));
  const steps = action.deliver(items, {
    settings: settings(run.settings),
    options: action.options.parse(run.options ?? {}),
    cache,
    nowMs: emulator.clock.now(),
    isReplay: run.isReplay ?? false,
  });
  const driven = await drive(steps, {
    client,
    claims: new RecordClaims(),
    signal: new AbortController().signal,
    onExchange: () => undefined,
  });
  if (driven.kind === 'returned') return driven.result;
  return driven.kind === 'failed' ? inputs.map(() => driven.failure) : [];
}

/** The calls of the last delivery, without hashes. */
function calls(): readonly string[] {
  return emulator.admin
    .requests()
    .map(
      ({ method, path }) =>
        `${method} ${path.replace(/^\/3\.0\/lists\/[^/]+/, '').replace(/[\da-f]{32}/, '*')}`,
    );
}

function member(email: string, list = DEFAULT_LIST) {
  const found = emulator.state.audiences.get(list)?.find(email);
  if (found === undefined) throw new Error(`${email} is not in ${list}`);
  return found;
}

const tagsOf = (email: string): readonly string[] => [...member(email).tags.keys()];
const reader = (index: number, more: object = {}) => ({ email: `r${String(index)}@daily.se`, ...more });
const tagged = (...set: readonly string[]) => ({ tags: { set } });

test('a contact is made with its fields, which are made first, and its tags', async () => {
  const input = {
    email: 'asa@daily.se',
    merge_fields: { SMYACTSUBS: 2, FNAME: 'Åsa' },
    ...tagged('sesamy_a'),
  };
  expect(await deliver([input], { options: subscribers.options })).toEqual([
    { kind: 'delivered', remoteId: member('asa@daily.se').hash },
  ]);
  expect(calls()).toEqual([
    'GET /merge-fields',
    'POST /merge-fields',
    'PUT /members/*',
    'POST /members/*/tags',
  ]);
  expect(member('asa@daily.se')).toMatchObject({
    status: 'subscribed',
    mergeFields: { SMYACTSUBS: 2, FNAME: 'Åsa' },
  });
  expect(tagsOf('asa@daily.se')).toEqual(['sesamy_a']);
  expect(emulator.state.audiences.get(DEFAULT_LIST)?.mergeFields.get('SMYACTSUBS')).toMatchObject({
    type: 'number',
    name: 'Active subscriptions',
    public: false,
  });
});

test('the status of a contact that exists is never sent, that of a new one is the one that is set', async () => {
  emulator.admin.seed({
    lists: [
      {
        members: [
          { email_address: 'left@daily.se', status: 'unsubscribed' },
          { email_address: 'old@daily.se', status: 'archived' },
        ],
      },
    ],
  });
  const inputs = ['left@daily.se', 'old@daily.se', 'new@daily.se'].map((email) => ({ email }));
  const outcomes = await deliver(inputs, { settings: { status_if_new: 'pending' } });
  expect(inputs.map(({ email }) => member(email).status)).toEqual(['unsubscribed', 'archived', 'pending']);
  expect(outcomes).toMatchObject([
    { kind: 'delivered', notes: ['The contact is unsubscribed in Mailchimp, and stays so.'] },
    { kind: 'delivered', notes: ['The contact is archived in Mailchimp, and stays so.'] },
    { kind: 'delivered' },
  ]);
  await deliver(inputs.map((input) => ({ ...input, merge_fields: { FNAME: 'New' } })));
  expect(calls()).toContain('POST ');
  expect(emulator.admin.requests().map(({ body }) => JSON.stringify(body) ?? '')).not.toContainEqual(
    expect.stringContaining('"status"'),
  );
  expect(inputs.map(({ email }) => member(email).status)).toEqual(['unsubscribed', 'archived', 'pending']);
});

test('only sesamy_ tags are changed, also where a contact has more tags than its answer shows', async () => {
  const foreign = Array.from({ length: 60 }, (_none, index) => `foreign ${String(index)}`);
  const tags = [...foreign, 'sesamy_stale', 'sesamy_kept', 'sesamy_made_single_purchase', 'Sesamy_not_ours'];
  emulator.admin.seed({ lists: [{ members: [{ email_address: 'asa@daily.se', tags }] }] });
  const wanted = {
    set: ['sesamy_kept', 'sesamy_new'],
    keep: ['sesamy_made_single_purchase', 'sesamy_has_gifted_subscription'],
  };
  expect(await deliver([{ email: 'asa@daily.se', tags: wanted }])).toMatchObject([{ kind: 'delivered' }]);
  expect(calls()).toEqual(['PUT /members/*', 'GET /members/*/tags', 'POST /members/*/tags']);
  expect(tagsOf('asa@daily.se')).toEqual([
    ...foreign,
    'sesamy_kept',
    'sesamy_made_single_purchase',
    'Sesamy_not_ours',
    'sesamy_new',
  ]);
});

test('merge fields beyond the quota are left out and told, and the rest is written', async () => {
  emulator.admin.setLimits({ mergeFields: 6 });
  emulator.admin.seed({ lists: [{ mergeFields: [] }] });
  const merge_fields = { FNAME: 'Åsa', SESAMYUSR: 'u1', SMYSUBSC: 'True' };
  const inputs = [reader(1, { merge_fields }), reader(2, { merge_fields })];
  const outcomes = await deliver(inputs, { options: subscribers.options });
  const note = 'SMYSUBSC was left out: Mailchimp refused to make it.';
  expect(outcomes).toMatchObject([
    { kind: 'delivered', notes: [note] },
    { kind: 'delivered', notes: [note] },
  ]);
  expect(member('r1@daily.se').mergeFields).toMatchObject({ FNAME: 'Åsa', SESAMYUSR: 'u1' });
  expect(calls().filter((call) => call === 'POST /merge-fields')).toHaveLength(2);
});

test('a full audience is told with its numbers', async () => {
  const fields = Array.from({ length: 25 }, (_none, index) => ({
    tag: `F${String(index)}`,
    name: 'F',
    type: 'text' as const,
  }));
  emulator.admin.seed({ lists: [{ mergeFields: fields }] });
  const outcomes = await deliver([reader(1, { merge_fields: { SESAMYUSR: 'u1' } })], {
    options: subscribers.options,
  });
  expect(outcomes).toMatchObject([
    {
      notes: [
        'SESAMYUSR was left out: the audience has 30 merge fields with EMAIL, and Mailchimp allows 30, or 80 with Premium.',
      ],
    },
  ]);
});

test('a field of another type than ours is written as its type takes the value, or left out', async () => {
  emulator.admin.seed({
    lists: [
      {
        mergeFields: [
          { tag: 'SMYACTSUBS', name: 'Text', type: 'text' },
          { tag: 'SMYLASTSEE', name: 'Number', type: 'number' },
          { tag: 'CALL', name: 'Phone', type: 'phone', options: { phone_format: 'US' } },
        ],
      },
    ],
  });
  const merge_fields = {
    SMYACTSUBS: 2,
    SMYLASTSEE: '2026-11-21',
    CALL: '+46701234567',
    LNAME: 'å'.repeat(200),
    NOSUCH: 'x',
  };
  expect(await deliver([reader(1, { merge_fields })])).toMatchObject([
    {
      kind: 'delivered',
      notes: [
        'SMYLASTSEE was left out: no number.',
        'CALL was left out: no number of the United States, which the field is set to.',
        'LNAME was cut to 255 bytes.',
        'NOSUCH was left out: the audience has no such merge field.',
      ],
    },
  ]);
  expect(member('r1@daily.se').mergeFields).toMatchObject({ SMYACTSUBS: '2', LNAME: 'å'.repeat(127) });
});

test('a value that Mailchimp refuses all the same costs the field and not the contact', async () => {
  const merge_fields = { FNAME: 'Åsa', LNAME: 'Ek' };
  emulator.admin.addFault({
    method: 'PUT',
    times: 1,
    status: 400,
    body: {
      title: 'Invalid Resource',
      detail: 'x',
      errors: [{ field: 'LNAME', message: 'Ek is not valid' }],
    },
  });
  expect(await deliver([reader(1, { merge_fields })])).toMatchObject([
    { kind: 'delivered', notes: ['LNAME was left out: Mailchimp refused the value.'] },
  ]);
  expect(member('r1@daily.se').mergeFields).toMatchObject({ FNAME: 'Åsa', LNAME: '' });
});

test('contacts that were seen lately change in one call, with a call more where tags differ', async () => {
  emulator.admin.seed({ lists: [{ members: [{ email_address: 'r1@daily.se', status: 'unsubscribed' }] }] });
  const readers = Array.from({ length: 20 }, (_none, index) => index);
  const at = (name: string, last: string) =>
    readers.map((index) =>
      reader(index, { merge_fields: { FNAME: name }, ...tagged(index === 3 ? last : 'sesamy_a') }),
    );
  await deliver(at('Before', 'sesamy_a'));
  expect(calls()).toHaveLength(1 + 20 + 20);
  const outcomes = await deliver(at('After', 'sesamy_b'));
  expect(calls()).toEqual(['POST ', 'POST /members/*/tags']);
  expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(20);
  expect(readers.map((index) => member(reader(index).email).mergeFields['FNAME'])).toEqual(
    Array(20).fill('After'),
  );
  expect([tagsOf('r3@daily.se'), member('r1@daily.se').status]).toEqual([['sesamy_b'], 'unsubscribed']);

  await deliver(at('After', 'sesamy_b'));
  expect(calls()).toEqual([]);
  await deliver(at('After', 'sesamy_b'), { isReplay: true });
  expect(calls()).toHaveLength(20);
});

test('who is not there any more when many are written together is made by a call of its own', async () => {
  const name = (FNAME: string) => [1, 2, 3].map((index) => reader(index, { merge_fields: { FNAME } }));
  await deliver(name('Before'));
  emulator.state.audiences.get(DEFAULT_LIST)?.members.delete(member('r2@daily.se').hash);
  const outcomes = await deliver(name('After'), { options: { status_if_new: 'transactional' } });
  expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'delivered']);
  expect(calls()).toEqual(['POST ', 'PUT /members/*']);
  expect(member('r2@daily.se').status).toBe('transactional');
});

test('where rows without a status are refused, every contact has a call of its own', async () => {
  const name = (FNAME: string) => [1, 2].map((index) => reader(index, { merge_fields: { FNAME } }));
  await deliver(name('Before'));
  emulator.admin.seed({ switches: { batchStatus: 'required' } });
  expect((await deliver(name('After'))).map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
  expect(calls()).toEqual(['POST ', 'PUT /members/*', 'PUT /members/*']);
  await deliver(name('Later'));
  expect(calls()).toEqual(['PUT /members/*', 'PUT /members/*']);
});

test('tags are read where the answer to many does not show them', async () => {
  const name = (FNAME: string) =>
    [1, 2].map((index) => reader(index, { merge_fields: { FNAME }, ...tagged('sesamy_a') }));
  await deliver(name('Before'));
  emulator.admin.seed({ switches: { batchAnswer: 'without_tags' } });
  await deliver(name('After'));
  expect(calls()).toEqual(['POST ', 'GET /members/*/tags', 'GET /members/*/tags']);
});

test.each([
  ['the answer to the contact', { method: 'PUT', reset: true, when: 'after' }],
  ['the answer to many', { method: 'POST', path: '*/lists/*', reset: true, when: 'after' }],
  ['the call for its tags', { method: 'POST', path: '*/tags', status: 503 }],
] as const)('who was written by half, because %s was lost, is written again', async (_what, fault) => {
  const isAlone = fault.method === 'PUT';
  const at = (FNAME: string, tag: string) =>
    [1, 2]
      .slice(0, isAlone ? 1 : 2)
      .map((index) => reader(index, { merge_fields: { FNAME }, ...tagged(tag) }));
  await deliver(at('X', 'sesamy_x'));
  emulator.admin.addFault({ ...fault, times: 1 });
  expect(await deliver(at('Y', 'sesamy_y'))).toContainEqual(expect.objectContaining({ kind: 'retry' }));
  const action = mailchimp.actions['upsert-member'];
  const merged = at('Y', 'sesamy_y').map(
    (older, index) =>
      action?.coalesce?.(
        action.input.parse(older),
        action.input.parse(at('X', 'sesamy_x')[index]),
        action.options.parse({}),
      ) as object,
  );
  for (const outcome of await deliver(merged)) {
    expect(outcome).toEqual({ kind: 'delivered', remoteId: expect.any(String) as string });
  }
  expect(member('r1@daily.se').mergeFields['FNAME']).toBe('X');
  expect(tagsOf('r1@daily.se')).toEqual(['sesamy_x']);
});

test('many whose answer was lost still travel together', async () => {
  const name = (FNAME: string) => [1, 2, 3].map((index) => reader(index, { merge_fields: { FNAME } }));
  await deliver(name('Before'));
  emulator.admin.addFault({ path: '*/lists/*', status: 503, times: 1 });
  await deliver(name('After'));
  await deliver(name('After'));
  expect(calls()).toEqual(['POST ']);
});

test('a contact that lacks a field is written until it has it, and every delivery says so', async () => {
  const inputs = [reader(1, { merge_fields: { NOSUCH: 'x', FNAME: 'Åsa' } }), reader(2)];
  const notes = ['NOSUCH was left out: the audience has no such merge field.'];
  await deliver(inputs);
  expect(await deliver(inputs)).toMatchObject([{ kind: 'delivered', notes }, { notes: ['unchanged'] }]);
  expect(calls()).toEqual(['PUT /members/*']);
  emulator.admin.seed({ lists: [{ mergeFields: [{ tag: 'NOSUCH', name: 'New', type: 'text' }] }] });
  cache.delete(`merge-fields:${DEFAULT_LIST}`);
  await deliver(inputs);
  expect(member('r1@daily.se').mergeFields['NOSUCH']).toBe('x');
  expect(await deliver(inputs)).toMatchObject([{ notes: ['unchanged'] }, { notes: ['unchanged'] }]);
});

test('whoever Mailchimp will not have has an outcome with its reason, and holds up nobody', async () => {
  emulator.admin.seed({ lists: [{ forgotten: ['gone@daily.se'], compliance: ['barred@daily.se'] }] });
  const emails = ['gone@daily.se', 'barred@daily.se', 'asa@example.com', 'asa@daily.se'];
  const outcomes = await deliver(emails.map((email) => ({ email })));
  expect(outcomes).toMatchObject([
    { kind: 'skipped', reason: expect.stringContaining('deleted for good') as string },
    { kind: 'skipped', reason: expect.stringContaining('does not take the address as subscribed') as string },
    { kind: 'rejected', fault: { code: 'mailchimp.address_refused' } },
    { kind: 'delivered' },
  ]);
  expect(JSON.stringify(outcomes)).not.toContain('@');
  emulator.admin.addFault({ preset: 'many-sign-ups', times: 1 });
  expect(await deliver([{ email: 'bo@daily.se' }])).toMatchObject([{ kind: 'retry', waitMs: 4 * 3_600_000 }]);
});

test('a vendor in trouble costs few contacts an attempt and then ends the run, which goes on where it stopped', async () => {
  emulator.admin.addFault({ method: 'PUT', skip: 2, times: 4, status: 502 });
  const readers = Array.from({ length: 10 }, (_none, index) => reader(index));
  expect((await deliver(readers)).map(({ kind }) => kind)).toEqual(Array(10).fill('retry'));
  expect((await deliver(readers)).map(({ kind }) => kind)).toEqual(Array(10).fill('delivered'));
  expect(calls()).toHaveLength(8);
});

test('another audience of the account is a matter of an option', async () => {
  emulator.admin.seed({ lists: [{ id: 'second' }] });
  await deliver([reader(1)], { options: { list_id: 'second' } });
  await deliver([reader(2, { list_id: 'second' }), reader(3)]);
  expect(['second', DEFAULT_LIST].map((id) => emulator.state.audiences.get(id)?.members.size)).toEqual([
    2, 1,
  ]);
  expect(member('r2@daily.se', 'second').status).toBe('subscribed');
});

const event = (id: string) => ({ id, name: 'contract_update', occurred_at: '2026-11-21T12:00:00.000Z' });
const activity = { action: 'record-activity' } as const;

test('events are sent once, however often they come and wherever a delivery broke off', async () => {
  emulator.admin.seed({ lists: [{ members: [{ email_address: 'asa@daily.se' }] }] });
  const input = { email: 'asa@daily.se', events: [event('e1'), event('e2'), event('e3')] };
  // The second is taken, and nobody hears of it.
  emulator.admin.addFault({
    method: 'POST',
    path: '*/events',
    skip: 1,
    times: 1,
    when: 'after',
    reset: true,
  });
  expect(await deliver([input], activity)).toMatchObject([{ kind: 'retry' }]);
  expect(await deliver([input], activity)).toMatchObject([
    { kind: 'delivered', notes: ['Already in Mailchimp: 2 of the events.'] },
  ]);
  await deliver([{ ...input, events: [event('e3'), event('e4')] }], { ...activity, isReplay: true });
  expect(member('asa@daily.se').events.map(({ properties }) => properties['event_id'])).toEqual([
    'e1',
    'e2',
    'e3',
    'e4',
  ]);
});

test('one key stands for the same events of a contact in an audience, in whatever order', () => {
  const once = (input: object): string | undefined =>
    mailchimp.actions['record-activity']?.once?.(input, { guests: 'skip' });
  const input = { email: 'asa@daily.se', events: [event('e1'), event('e2')] };
  expect(once({ ...input, email: 'Asa@daily.se', events: [event('e2'), event('e1')] })).toBe(once(input));
  const others = [
    { ...input, events: [event('e1')] },
    { ...input, list_id: 'second' },
    { ...input, email: 'bo@daily.se' },
  ];
  expect(new Set([input, ...others].map(once)).size).toBe(4);
});

test('the activity of a contact that is not there waits for it, and is skipped in the end', async () => {
  const input = { email: 'new@daily.se', events: [event('e1')] };
  expect(await deliver([input], activity)).toMatchObject([{ kind: 'retry', waitMs: 1_000 }]);
  expect(await deliver([input], { ...activity, attempt: 6 })).toEqual([
    { kind: 'skipped', reason: 'The audience has no such contact.' },
  ]);
});

test('a contact that needs a call of its own takes the place of many in a batch', async () => {
  const { places, input, options, batch } = mailchimp.actions['upsert-member'] ?? {};
  const context = { settings: settings(), options: options?.parse({}), cache, nowMs: 0 };
  const placesOf = (given: object): number | undefined => places?.(input?.parse(given), context);
  await deliver([reader(1, tagged('sesamy_a'))]);
  const changed = reader(1, { merge_fields: { FNAME: 'Åsa' } });
  expect([changed, { ...changed, ...tagged('sesamy_a') }].map(placesOf)).toEqual([1, 1]);
  expect([{ ...changed, ...tagged('sesamy_b') }, reader(2)].map(placesOf)).toEqual([20, 20]);
  expect(batch?.maxItems).toBe(500);
});
