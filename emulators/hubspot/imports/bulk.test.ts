import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';
import type { Portal } from '../portal.ts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset({
    portals: [
      {
        portalId: DEFAULT_PORTAL_ID,
        contacts: [{ properties: { email: 'ada@example.com', firstname: 'Ada', hs_lead_status: 'NEW' } }],
      },
    ],
  });
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

type Body = Readonly<Record<string, unknown>>;

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: Body }> {
  const isForm = body instanceof FormData;
  const response = await fetch(path.startsWith('http') ? path : emulator.url + path, {
    method,
    headers: {
      authorization: `Bearer ${DEFAULT_TOKEN}`,
      ...(isForm ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson ? (JSON.parse(text) as Body) : { text } };
}

function portal(): Portal {
  const found = emulator.state.portals.get(DEFAULT_PORTAL_ID);
  if (found === undefined) throw new Error('the portal is there');
  return found;
}

const COLUMNS = [
  { columnObjectTypeId: '0-1', columnName: 'Email', propertyName: 'email' },
  { columnObjectTypeId: '0-1', columnName: 'Name', propertyName: 'firstname' },
  { columnObjectTypeId: '0-2', columnName: 'Domain', propertyName: 'domain' },
];

function startImport(
  csv: string,
  change: Body = {},
  columnMappings: unknown = COLUMNS,
): Promise<{ status: number; body: Body }> {
  const form = new FormData();
  const file = {
    fileName: 'people.csv',
    fileFormat: 'CSV',
    fileImportPage: { hasHeader: true, columnMappings },
  };
  form.set('importRequest', JSON.stringify({ name: 'People', files: [file], ...change }));
  form.set('files', new File([csv], 'people.csv', { type: 'text/csv' }));
  return call('POST', '/crm/v3/imports/', form);
}

test('an import knows contacts by address and companies by domain, and links what shares a row', async () => {
  const csv = [
    'Email,Name,Domain',
    'ADA@example.com,Augusta,example.com',
    'bob@example.com,Bob,EXAMPLE.com',
    'nobody,Carl,',
  ].join('\n');
  const started = await startImport(csv);
  expect(started).toMatchObject({ status: 200, body: { state: 'STARTED', importName: 'People' } });
  const id = String(started.body['id']);
  emulator.clock.advance(1_000);
  expect((await call('GET', `/crm/v3/imports/${id}`)).body['state']).toBe('PROCESSING');
  expect(portal().records('0-1').liveCount).toBe(1);
  emulator.clock.advance(1_000);
  expect((await call('GET', `/crm/imports/2026-09/${id}`)).body).toMatchObject({
    state: 'DONE',
    metadata: { counters: { TOTAL_ROWS: 3, CREATED_OBJECTS: 2, UPDATED_OBJECTS: 2, ERRORS: 1 } },
  });
  const ada = portal().records('0-1').findByEmail('ada@example.com');
  expect(ada?.values['firstname']).toBe('Augusta');
  expect(portal().records('0-2').liveCount).toBe(1);
  expect(portal().associations.idsOf('0-1', ada?.id ?? '', '0-2')).toHaveLength(1);
  expect((await call('GET', `/crm/v3/imports/${id}/errors`)).body['results']).toMatchObject([
    { errorType: 'INVALID_EMAIL', sourceData: { lineNumber: 4, rowData: ['nobody', 'Carl', ''] } },
  ]);
});

test('three imports run at a time, further ones wait, and one that is cancelled writes nothing', async () => {
  const csv = (email: string): string => `Email,Name,Domain\n${email},X,\n`;
  const ids: unknown[] = [];
  for (let at = 0; at < 4; at++) ids.push((await startImport(csv(`c${at}@example.com`))).body['id']);
  const stateOf = async (at: number): Promise<unknown> =>
    (await call('GET', `/crm/v3/imports/${String(ids[at])}`)).body['state'];
  expect([await stateOf(2), await stateOf(3)]).toEqual(['STARTED', 'DEFERRED']);
  expect((await call('POST', `/crm/v3/imports/${String(ids[0])}/cancel`)).status).toBe(200);
  emulator.clock.advance(2_000);
  expect([await stateOf(0), await stateOf(2), await stateOf(3)]).toEqual(['CANCELED', 'DONE', 'STARTED']);
  emulator.clock.advance(2_000);
  expect(await stateOf(3)).toBe('DONE');
  expect(portal().records('0-1').findByEmail('c0@example.com')).toBeUndefined();
  expect(portal().records('0-1').findByEmail('c3@example.com')).toBeDefined();
  expect((await call('POST', `/crm/v3/imports/${String(ids[3])}/cancel`)).status).toBe(400);
});

test('an import that may only update creates nothing', async () => {
  const started = await startImport('Email,Name,Domain\nnew@example.com,X,\n', {
    importOperations: { '0-1': 'UPDATE' },
  });
  emulator.clock.advance(2_000);
  const errors = await call('GET', `/crm/v3/imports/${String(started.body['id'])}/errors`);
  expect(errors.body['results']).toMatchObject([{ errorType: 'UPDATE_ONLY_IMPORT' }]);
  expect(portal().records('0-1').liveCount).toBe(1);
});

test.each([
  [{ files: [] }, COLUMNS],
  [{}, [{ columnObjectTypeId: '0-1', columnName: 'X', propertyName: 'colour' }]],
  [{ files: [{ fileName: 'other.csv', fileImportPage: { columnMappings: COLUMNS } }] }, COLUMNS],
  [{ importOperations: { '0-1': 'DESTROY' } }, COLUMNS],
])('the import request %j is refused', async (change, columns) => {
  expect((await startImport('Email,Name,Domain\n', change, columns)).status).toBe(400);
});

const EXPORT = {
  exportType: 'VIEW',
  exportName: 'All',
  format: 'CSV',
  language: 'EN',
  objectType: 'CONTACT',
  objectProperties: ['email', 'hs_lead_status'],
};

test('an export becomes a file whose address expires', async () => {
  const started = await call('POST', '/crm/v3/exports/export/async', EXPORT);
  expect(started.status).toBe(202);
  const path = `/crm/v3/exports/export/async/tasks/${String(started.body['id'])}/status`;
  expect((await call('GET', path)).body['status']).toBe('PROCESSING');
  emulator.clock.advance(2_000);
  const { body } = await call('GET', path);
  expect(body).toMatchObject({
    status: 'COMPLETE',
    result: expect.stringContaining(emulator.url) as unknown,
  });
  const id = portal().records('0-1').findByEmail('ada@example.com')?.id ?? '';
  expect((await call('GET', String(body['result']))).body['text']).toBe(
    `Record ID,Email,Lead status\r\n${id},ada@example.com,New\r\n`,
  );
  emulator.clock.advance(300_000);
  expect((await call('GET', String(body['result']))).status).toBe(403);
});

test('an export takes a search, internal names and values, and waits for the one before', async () => {
  await call('POST', '/crm/v3/exports/export/async', EXPORT);
  const started = await call('POST', '/crm/exports/2026-09/export/async', {
    ...EXPORT,
    exportInternalValuesOptions: ['NAMES', 'VALUES'],
    associatedObjectType: 'COMPANY',
    publicCrmSearchRequest: {
      filters: [{ propertyName: 'email', operator: 'EQ', value: 'nobody@example.com' }],
    },
  });
  const path = `/crm/exports/2026-09/export/async/tasks/${String(started.body['id'])}/status`;
  emulator.clock.advance(1_000);
  expect((await call('GET', path)).body['status']).toBe('PENDING');
  emulator.clock.advance(1_000);
  emulator.clock.advance(2_000);
  const { body } = await call('GET', path);
  expect((await call('GET', String(body['result']))).body['text']).toBe(
    'Record ID,email,hs_lead_status,Associated Company IDs\r\n',
  );
  expect((await call('GET', `/crm/exports/2026-09/export/${String(started.body['id'])}`)).body).toMatchObject(
    {
      exportState: 'DONE',
      recordCount: 0,
    },
  );
});

test('thirty exports a day are enough', async () => {
  for (let at = 0; at < 30; at++) await call('POST', '/crm/v3/exports/export/async', EXPORT);
  expect((await call('POST', '/crm/v3/exports/export/async', EXPORT)).status).toBe(429);
});

test.each([
  [{ exportType: 'ALL' }],
  [{ objectProperties: ['colour'] }],
  [{ exportName: '' }],
  [{ exportType: 'LIST', listId: '99' }],
])('an export with %j is refused', async (change) => {
  expect((await call('POST', '/crm/v3/exports/export/async', { ...EXPORT, ...change })).status).toBe(400);
});
