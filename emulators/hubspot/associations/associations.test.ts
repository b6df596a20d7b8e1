import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';
import type { Change } from '../objects/change-feed.ts';
import type { Portal } from '../portal.ts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset();
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, body: answer, headers: response.headers };
}

function portal(): Portal {
  const found = emulator.state.portals.get(DEFAULT_PORTAL_ID);
  if (found === undefined) throw new Error('the default portal is missing');
  return found;
}

async function make(type: string, properties: object): Promise<string> {
  const { body } = await call('POST', `/crm/v3/objects/${type}`, { properties });
  return body['id'] as string;
}

const ASSOCIATIONS = '/crm/v4/associations/contacts/companies';

const rows = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    from: { id: String(index) },
    to: { id: '1' },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }],
  }));

test.each([
  ['create', 2_000],
  ['associate/default', 2_000],
  ['read', 1_000],
])('a batch %s takes %i inputs and not one more', async (operation, max) => {
  const path = `${ASSOCIATIONS}/batch/${operation}`;
  expect((await call('POST', path, { inputs: rows(max) })).status).toBeLessThan(300);
  expect(await call('POST', path, { inputs: rows(max + 1) })).toMatchObject({
    status: 400,
    body: {
      message: `The maximum number of inputs supported in a batch request is ${max}. Found ${max + 1}`,
    },
  });
});

test.each([
  ['free', false, 100],
  ['professional', false, 150],
  ['enterprise', true, 200],
])(
  'on plan %s, add-on %s, associations have %i calls per ten seconds of their own',
  async (plan, addOn, max) => {
    emulator.admin.seed({ portals: [{ portalId: DEFAULT_PORTAL_ID, plan: plan as 'free', addOn }] });
    const first = await call('GET', `${ASSOCIATIONS}/labels`);
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe(String(max));
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe(String(max - 1));
    await Promise.all(Array.from({ length: max - 1 }, () => call('GET', `${ASSOCIATIONS}/labels`)));
    expect(await call('GET', `${ASSOCIATIONS}/labels`)).toMatchObject({
      status: 429,
      body: { policyName: 'TEN_SECONDLY_ROLLING' },
    });
    // Other calls have used nothing up.
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    emulator.clock.advance(10_001);
    expect((await call('GET', `${ASSOCIATIONS}/labels`)).status).toBe(200);
  },
);

test('the day of associations is counted on its own', async () => {
  emulator.admin.setLimits({ portalId: DEFAULT_PORTAL_ID, associationDaily: 1 });
  expect(
    (await call('GET', `${ASSOCIATIONS}/labels`)).headers.get('x-hubspot-ratelimit-daily-remaining'),
  ).toBe('0');
  expect(await call('GET', `${ASSOCIATIONS}/labels`)).toMatchObject({
    status: 429,
    body: { policyName: 'DAILY' },
  });
  expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
});

test('a new primary company is told as two changes in each direction, and once more as the loss of the old', async () => {
  const contact = await make('contacts', { firstname: 'Ada' });
  const [old, next] = [await make('companies', { name: 'A' }), await make('companies', { name: 'B' })];
  await call('PUT', `/crm/v4/objects/contacts/${contact}/associations/default/companies/${old}`);
  const heard: Change[] = [];
  const stop = portal().changes.on((change) => void heard.push(change));
  await call('PUT', `/crm/v4/objects/contacts/${contact}/associations/companies/${next}`, [
    { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 },
  ]);
  stop();
  const told = heard.map((change) =>
    change.kind === 'associationChange'
      ? [
          change.associationType,
          change.toObjectId,
          change.associationTypeId,
          change.isPrimaryAssociation,
          change.associationRemoved,
        ]
      : [],
  );
  expect(told).toEqual([
    ['CONTACT_TO_COMPANY', old, 1, true, true],
    ['COMPANY_TO_CONTACT', contact, 2, true, true],
    ['CONTACT_TO_COMPANY', next, 279, false, false],
    ['COMPANY_TO_CONTACT', contact, 280, false, false],
    ['CONTACT_TO_COMPANY', next, 1, true, false],
    ['COMPANY_TO_CONTACT', contact, 2, true, false],
  ]);
});

test('the legacy API names types, makes primary companies and answers with both directions', async () => {
  const contact = await make('contacts', { firstname: 'Ada' });
  const company = await make('companies', { name: 'A' });
  const LEGACY = '/crm/v3/associations/contacts/companies';
  const pair = { from: { id: contact }, to: { id: company }, type: 'contact_to_company' };
  expect(await call('POST', `${LEGACY}/batch/create`, { inputs: [pair] })).toMatchObject({
    status: 201,
    body: {
      results: [pair, { from: { id: company }, to: { id: contact }, type: 'company_to_contact' }],
    },
  });
  expect(await call('POST', `${LEGACY}/batch/read`, { inputs: [{ id: contact }] })).toMatchObject({
    status: 200,
    body: {
      results: [
        {
          from: { id: contact },
          to: [
            { id: company, type: 'contact_to_company_unlabeled' },
            { id: company, type: 'contact_to_company' },
          ],
        },
      ],
    },
  });
  const wrong = { ...pair, type: 'contact_to_everything' };
  expect((await call('POST', `${LEGACY}/batch/create`, { inputs: [wrong] })).status).toBe(400);
  const plain = { ...pair, type: 'contact_to_company_unlabeled' };
  expect((await call('POST', `${LEGACY}/batch/archive`, { inputs: [plain] })).status).toBe(204);
  expect((await call('POST', `${LEGACY}/batch/read`, { inputs: [{ id: contact }] })).status).toBe(207);
});

test.each([
  [{ name: 'two-words', label: 'Two' }, 'hyphen'],
  [{ name: '2nd', label: 'Second' }, 'digit'],
  [{ name: 'same', label: 'Fresh' }, 'exists already'],
  [{ name: 'fresh', label: 'Same' }, 'exists already'],
  [{ label: 'Nameless' }, 'name'],
])('the label %j is refused', async (label, word) => {
  emulator.admin.seed({
    portals: [
      {
        portalId: DEFAULT_PORTAL_ID,
        associationLabels: [{ from: 'contacts', to: 'companies', name: 'same', label: 'Same' }],
      },
    ],
  });
  expect(await call('POST', `${ASSOCIATIONS}/labels`, label)).toMatchObject({
    status: 400,
    body: { category: 'VALIDATION_ERROR', message: expect.stringContaining(word) },
  });
});

test('labels are for plans from Professional up, or for all by switch', async () => {
  emulator.admin.setLimits({ portalId: DEFAULT_PORTAL_ID, plan: 'starter' });
  const label = { name: 'board', label: 'Board' };
  expect(await call('POST', `${ASSOCIATIONS}/labels`, label)).toMatchObject({
    status: 403,
    body: {
      message: `Account ${DEFAULT_PORTAL_ID} does not have access to association labels with its plan starter`,
    },
  });
  emulator.admin.seed({ switches: { labelsBelowProfessional: 'allow' } });
  expect((await call('POST', `${ASSOCIATIONS}/labels`, label)).status).toBe(200);
});

test('an unknown association type refuses a batch whole, or its row alone by switch', async () => {
  const contact = await make('contacts', { firstname: 'Ada' });
  const company = await make('companies', { name: 'A' });
  const row = (associationTypeId: number): object => ({
    from: { id: contact },
    to: { id: company },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
  });
  const inputs = [row(279), row(3)];
  expect((await call('POST', `${ASSOCIATIONS}/batch/create`, { inputs })).status).toBe(400);
  expect(portal().associations.idsOf('0-1', contact, '0-2')).toEqual([]);
  emulator.admin.seed({ switches: { unknownAssociationType: 'refuse_row' } });
  expect(await call('POST', `${ASSOCIATIONS}/batch/create`, { inputs })).toMatchObject({
    status: 207,
    body: { numErrors: 1, results: [{}] },
  });
  expect(portal().associations.idsOf('0-1', contact, '0-2')).toEqual([company]);
});

test('a record is never linked with itself, another of its type it is', async () => {
  const [parent, child] = [await make('companies', { name: 'A' }), await make('companies', { name: 'B' })];
  const path = (to: string): string => `/crm/v4/objects/companies/${parent}/associations/companies/${to}`;
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 13 }];
  expect((await call('PUT', path(parent), types)).status).toBe(400);
  expect((await call('PUT', path(child), types)).status).toBe(201);
  expect(portal().associations.shownOf('0-2', child, '0-2')).toEqual([
    { id: parent, type: 'company_to_company' },
    { id: parent, type: 'child_to_parent_company' },
  ]);
});

test('ids of linked records are texts by switch', async () => {
  const contact = await make('contacts', { firstname: 'Ada' });
  const company = await make('companies', { name: 'A' });
  const path = `/crm/v4/objects/contacts/${contact}/associations`;
  await call('PUT', `${path}/default/companies/${company}`);
  expect((await call('GET', `${path}/companies`)).body).toMatchObject({
    results: [{ toObjectId: Number(company) }],
  });
  emulator.admin.seed({ switches: { associationIds: 'string' } });
  expect((await call('GET', `${path}/companies`)).body).toMatchObject({ results: [{ toObjectId: company }] });
});
