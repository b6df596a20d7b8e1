import { request } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startHubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import { upsertContact } from '../../src/connectors/hubspot/actions/upsert-contact.ts';
import { contactOptionsSchema } from '../../src/connectors/hubspot/records/contact-input.ts';
import type { ContactInput } from '../../src/connectors/hubspot/records/contact-input.ts';
import { subscribers } from '../../src/connectors/hubspot/presets/subscribers.ts';
import { API_VERSIONS } from '../../src/connectors/hubspot/settings.ts';
import type { Call, CallResponse, Steps } from '../../src/kit/index.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import { aCache } from '../support/drive-steps.ts';

const PORTAL_ID = 1_000_001;

let emulator: HubspotEmulator;
let cache = aCache();
let calls: string[] = [];

beforeEach(async () => {
  emulator = await startHubspotEmulator();
  cache = aCache();
});
afterEach(() => emulator.close());

// Unique besides the e-mail address, as a publisher's own key may be.
const memberNumber = {
  groupName: 'contactinformation',
  name: 'member_number',
  label: 'Member number',
  type: 'string',
  fieldType: 'text',
  hasUniqueValue: true,
};
const holder = { email: 'a@x.io', firstname: 'Ann', member_number: 'M-1' };

async function send(call: Call): Promise<CallResponse> {
  const query = new URLSearchParams(call.query).toString();
  const response = await request(`${emulator.url}${call.path}${query === '' ? '' : `?${query}`}`, {
    method: call.method,
    headers: { authorization: 'Bearer pat-na1-emulator', 'content-type': 'application/json' },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  const text = await response.body.text();
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    status: response.statusCode,
    headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

async function drive<Result>(steps: Steps<Result>): Promise<Result> {
  let step = steps.next();
  while (step.done !== true) {
    if (step.value.kind !== 'call') {
      step = steps.next({ kind: 'claimed', waited: false });
      continue;
    }
    const response = await send(step.value);
    calls.push(`${step.value.method} ${step.value.path.replace(/^.*\/contacts/, '')}`);
    if (response.status >= 300 && step.value.accept?.includes(response.status) !== true) {
      throw new Error(
        `${step.value.path} was answered ${String(response.status)}: ${JSON.stringify(response.body)}`,
      );
    }
    step = steps.next(response);
  }
  return step.value;
}

describe.each(API_VERSIONS)('HubSpot %s', (version) => {
  const settings = hubspot.settings.parse({ access_token: 'pat-na1-emulator', api_version: version });

  function deliver(inputs: readonly ContactInput[], options: object = {}): Promise<readonly Outcome[]> {
    calls = [];
    const batch = inputs.map((input, index) => ({ input, traceId: `t${String(index)}`, attempt: 1 }));
    const context = {
      settings,
      options: upsertContact.options.parse(options),
      cache,
      nowMs: emulator.clock.now(),
    };
    return drive(upsertContact.deliver(batch, context));
  }

  async function read(email: string, ...properties: string[]): Promise<Record<string, string | null>> {
    const { body } = await send({
      kind: 'call',
      method: 'GET',
      path: `/crm/v3/objects/contacts/${encodeURIComponent(email)}`,
      query: { idProperty: 'email', properties: ['email', ...properties].join(',') },
    });
    return (body as { properties: Record<string, string | null> }).properties;
  }

  async function idOf(email: string): Promise<string> {
    return (await read(email, 'hs_object_id'))['hs_object_id'] ?? '';
  }

  const hundred = (lastname: string): readonly ContactInput[] =>
    Array.from({ length: 100 }, (_, index) => ({
      email: `a${String(index)}@x.io`,
      properties: { firstname: 'Ada', lastname },
    }));

  test('a hundred contacts cost two calls when new, one when changed, none when unchanged', async () => {
    const outcomes = await deliver(hundred('One'));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
    expect(calls).toEqual(['GET ', 'POST /batch/read', 'POST /batch/upsert']);
    await deliver(hundred('Two'));
    expect(calls).toEqual(['POST /batch/update']);
    await deliver(hundred('Two'));
    expect(calls).toEqual([]);
    expect(await read('a42@x.io', 'firstname', 'lastname')).toMatchObject({
      firstname: 'Ada',
      lastname: 'Two',
    });
  });

  test('a unique value that another contact holds is refused, and the other contact left alone', async () => {
    emulator.admin.seed({
      portals: [{ portalId: PORTAL_ID, properties: [memberNumber], contacts: [{ properties: holder }] }],
    });
    const taken = { email: 'b@x.io', properties: { member_number: 'M-1', firstname: 'Bo' } };
    const free = { email: 'c@x.io', properties: { member_number: 'M-2', firstname: 'Cleo' } };
    const outcomes = await deliver([taken, free]);
    expect(outcomes).toMatchObject([
      { kind: 'rejected', fault: { message: expect.stringContaining('member_number') as string } },
      { kind: 'delivered' },
    ]);
    expect(await read('a@x.io', 'firstname', 'member_number')).toMatchObject(holder);
  });

  test('one contact that HubSpot refuses costs one contact and no further call', async () => {
    // An address that HubSpot refuses and we let pass.
    const outcomes = await deliver([
      ...hundred('One').slice(0, 99),
      { email: 'a,b@x.io', properties: { lastname: 'X' } },
    ]);
    expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(99);
    expect(outcomes[99]).toMatchObject({ kind: 'rejected' });
    expect(calls.filter((call) => call.endsWith('upsert'))).toHaveLength(1);
  });

  test('a whole call refused for one contact is halved until that contact stands alone', async () => {
    emulator.admin.addFault({
      path: '*/batch/upsert',
      bodyIncludes: 'a3@x.io',
      status: 400,
      body: { status: 'error', category: 'VALIDATION_ERROR', message: 'Something about a3@x.io.' },
    });
    const outcomes = await deliver(hundred('One').slice(0, 8));
    expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(7);
    expect(outcomes[3]).toMatchObject({ kind: 'rejected' });
    expect(JSON.stringify(outcomes)).not.toContain('a3@x.io');
    expect(calls.filter((call) => call.endsWith('/batch/read'))).toHaveLength(1);
  });

  test('an address that became another contact since it was read leads to that contact', async () => {
    emulator.admin.seed({
      portals: [
        {
          portalId: PORTAL_ID,
          contacts: [{ properties: { email: 'm@x.io' }, additionalEmails: ['b@x.io'] }],
        },
      ],
    });
    // The read misses it, as it would a moment before the address moved.
    emulator.admin.addFault({
      path: '*/batch/read',
      times: 1,
      status: 200,
      body: { status: 'COMPLETE', results: [] },
    });
    emulator.admin.addFault({
      path: '*/batch/upsert',
      times: 1,
      status: 400,
      body: {
        status: 'error',
        category: 'VALIDATION_ERROR',
        message: `Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=email, value=b@x.io} on 1. ${await idOf('m@x.io')} already has that value.`,
      },
    });
    expect(await deliver([{ email: 'b@x.io', properties: { lastname: 'B' } }])).toMatchObject([
      { kind: 'delivered', remoteId: await idOf('m@x.io') },
    ]);
    expect(await read('b@x.io', 'lastname')).toMatchObject({ email: 'm@x.io', lastname: 'B' });
  });

  test('an answer without its rows is a refusal', async () => {
    emulator.admin.seed({ switches: { silentBatchFailure: true } });
    expect(await deliver([{ email: 'a@x.io', properties: { lastname: 'A' } }])).toMatchObject([
      { kind: 'rejected', fault: { code: 'hubspot.item_missing' } },
    ]);
  });

  test('a secondary address reaches its contact and stays secondary', async () => {
    emulator.admin.seed({
      portals: [
        {
          portalId: PORTAL_ID,
          contacts: [{ properties: { email: 'a@x.io' }, additionalEmails: ['b@x.io'] }],
        },
      ],
    });
    const outcomes = await deliver([
      { email: 'B@x.io', properties: { lastname: 'B' } },
      { email: 'a@x.io', properties: { firstname: 'A' } },
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered']);
    expect(await read('a@x.io', 'firstname', 'lastname', 'hs_additional_emails')).toMatchObject({
      email: 'a@x.io',
      firstname: 'A',
      lastname: 'B',
      hs_additional_emails: 'b@x.io',
    });
  });

  test('the lifecycle stage moves forward only, and back when the flow says so', async () => {
    const stage = (lifecyclestage: string): readonly ContactInput[] => [
      { email: 'a@x.io', properties: { lifecyclestage } },
    ];
    await deliver(stage('customer'));
    await deliver(stage('Lead'));
    expect(await read('a@x.io', 'lifecyclestage')).toMatchObject({ lifecyclestage: 'customer' });
    await deliver(stage('Lead'), { lifecycle: 'any' });
    expect(await read('a@x.io', 'lifecyclestage')).toMatchObject({ lifecyclestage: 'lead' });
  });

  test('missing properties and options are created, and what is empty is filled without overwriting', async () => {
    await deliver([{ email: 'a@x.io', properties: { firstname: 'Kept' } }]);
    const input = (...titles: string[]): readonly ContactInput[] => [
      {
        email: 'a@x.io',
        properties: { sesamy_user_id: 'u1', subscription_type: titles, firstname: 'Ada', lastname: 'King' },
      },
    ];
    const options = subscribers.options;
    expect(await deliver(input(), options)).toMatchObject([{ kind: 'delivered' }]);
    expect(await deliver(input('Gold - Year'), options)).toMatchObject([{ kind: 'delivered' }]);
    expect(await deliver(input('Gold - Year', 'Silver - Month'), options)).toMatchObject([
      { kind: 'delivered' },
    ]);
    expect(
      await read('a@x.io', 'firstname', 'lastname', 'subscription_type', 'sesamy_user_id'),
    ).toMatchObject({
      firstname: 'Kept',
      lastname: 'King',
      subscription_type: 'Gold - Year;Silver - Month',
      sesamy_user_id: 'u1',
    });
    await deliver(input('Silver - Month', 'Gold - Year'), options);
    expect(calls).toEqual([]);
  });

  test('values are written in the form that HubSpot keeps, so that a repetition is seen as one', async () => {
    const definitions = [
      ['n', 'number', 'number'],
      ['d', 'date', 'date'],
      ['t', 'datetime', 'date'],
      ['f', 'bool', 'booleancheckbox'],
    ].map(([name, type, field_type]) => ({ name, label: name, type, field_type }));
    const properties = {
      n: '+12.50',
      d: '2026-02-28T23:00:00-05:00',
      t: '2026-02-28',
      f: true,
      firstname: null,
    };
    const once = await deliver([{ email: 'a@x.io', properties }], { ensure: definitions });
    expect(once).toMatchObject([{ kind: 'delivered' }]);
    expect(once[0]).not.toHaveProperty('notes');
    expect(await deliver([{ email: 'a@x.io', properties }])).toMatchObject([{ notes: ['unchanged'] }]);
  });

  test('all checks of a connection with every scope are in order', async () => {
    const lines = [];
    const flows = [{ preset: subscribers, options: contactOptionsSchema.parse(subscribers.options) }];
    for (const check of hubspot.checks) lines.push(...(await drive(check.run({ settings, flows }))));
    expect(lines.filter(({ ok }) => !ok)).toEqual([]);
    expect(lines.map(({ text }) => text)).toContain(`Token valid for portal ${String(PORTAL_ID)}`);
  });
});
