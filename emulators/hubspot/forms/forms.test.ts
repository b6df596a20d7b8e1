import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';
import type { Portal } from '../portal.ts';

let emulator: HubspotEmulator;

const GUID = '4a0b1c2d-3e4f-4a5b-8c6d-7e8f90a1b2c3';
const HUTK = '0123456789abcdef0123456789abcdef';

beforeAll(async () => {
  emulator = await startHubspotEmulator();
});
beforeEach(() => {
  emulator.admin.reset({
    portals: [
      {
        portalId: DEFAULT_PORTAL_ID,
        plan: 'enterprise',
        forms: [
          {
            guid: GUID,
            fields: [
              { name: 'email', required: true },
              { name: 'firstname' },
              { name: 'numberofemployees', objectTypeId: '0-2' },
              { name: 'domain', objectTypeId: '0-2' },
              { name: 'hs_lead_status' },
            ],
          },
        ],
      },
    ],
  });
  emulator.clock.freeze();
});
afterAll(() => emulator.close());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  token: string | undefined = DEFAULT_TOKEN,
): Promise<Answer> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}

const field = (name: string, value: string, objectTypeId = '0-1'): Record<string, string> => ({
  objectTypeId,
  name,
  value,
});
const submit = (body: Readonly<Record<string, unknown>>): Promise<Answer> =>
  call('POST', `/submissions/v3/integration/secure/submit/${DEFAULT_PORTAL_ID}/${GUID}`, body);
const submitOpenly = (email: string): Promise<Answer> =>
  call(
    'POST',
    `/submissions/v3/integration/submit/${DEFAULT_PORTAL_ID}/${GUID}`,
    { fields: [field('email', email)] },
    '',
  );

function portal(): Portal {
  const found = emulator.state.portals.get(DEFAULT_PORTAL_ID);
  if (found === undefined) throw new Error('the portal is there');
  return found;
}

test('a submission makes a contact, with its company, and is kept whole', async () => {
  const context = { hutk: HUTK, pageUri: 'https://example.com/pay', pageName: 'Pay', ipAddress: '192.0.2.7' };
  const answer = await submit({
    fields: [
      field('email', 'Ada@example.com'),
      field('firstname', 'Ada'),
      field('domain', 'example.com', '0-2'),
    ],
    submittedAt: emulator.clock.now() - 1_000,
    context,
  });
  expect(answer).toMatchObject({ status: 200, body: { inlineMessage: 'Thanks for submitting the form.' } });
  const contact = portal().records('0-1').findByEmail('ada@example.com');
  expect(contact).toMatchObject({
    values: { firstname: 'Ada' },
    source: { changeSource: 'FORM', sourceId: GUID },
  });
  expect(portal().associations.idsOf('0-1', contact?.id ?? '', '0-2')).toHaveLength(1);
  expect(portal().forms.of(GUID)).toMatchObject([{ context, contactId: contact?.id }]);
  const read = await call('GET', `/form-integrations/v1/submissions/forms/${GUID}`);
  expect(read.body['results']).toMatchObject([
    { submittedAt: emulator.clock.now() - 1_000, pageUrl: 'https://example.com/pay' },
  ]);
  await submit({
    fields: [
      field('email', 'ada@example.com'),
      field('firstname', 'Augusta'),
      field('domain', 'EXAMPLE.com', '0-2'),
    ],
  });
  expect([portal().records('0-1').liveCount, portal().records('0-2').liveCount]).toEqual([1, 1]);
});

test('events of a visitor become the contact’s once a form says who it is', async () => {
  const definition = { label: 'Seen', name: 'seen' };
  await call('POST', '/events/v3/event-definitions', definition);
  const eventName = `pe${DEFAULT_PORTAL_ID}_seen`;
  await call('POST', '/events/v3/send', { eventName, utk: HUTK });
  emulator.clock.advance(3_000);
  const read = async (): Promise<unknown> =>
    (await call('GET', `/events/v3/events?eventType=${eventName}`)).body['results'];
  expect(await read()).toEqual([]);
  await submit({ fields: [field('email', 'ada@example.com')], context: { hutk: HUTK } });
  expect(await read()).toMatchObject([
    { objectId: portal().records('0-1').findByEmail('ada@example.com')?.id },
  ]);
});

test.each([
  [{ fields: [] }, 'REQUIRED_FIELD'],
  [{ fields: [field('email', 'nobody')] }, 'INVALID_EMAIL'],
  [{ fields: [field('email', 'a@example.com'), field('colour', 'red')] }, 'FIELD_NOT_IN_FORM_DEFINITION'],
  [
    { fields: [field('email', 'a@example.com'), field('hs_lead_status', 'x')] },
    'VALUE_NOT_IN_FIELD_DEFINITION',
  ],
  [{ fields: [field('email', 'a@example.com'), field('numberofemployees', 'x', '0-2')] }, 'INVALID_NUMBER'],
  [{ fields: [field('email', 'a@example.com')], context: { hutk: 'x' } }, 'INVALID_HUTK'],
  [{ fields: [field('email', 'a@example.com')], context: { ipAddress: 'x' } }, 'INVALID_IP_ADDRESS'],
  [{ fields: [field('email', 'a@example.com')], submittedAt: 1 }, 'INVALID_METADATA'],
  [
    {
      fields: [field('email', 'a@example.com')],
      legalConsentOptions: { consent: { consentToProcess: true } },
    },
    'MISSING_PROCESSING_CONSENT_TEXT',
  ],
  [
    { fields: Array.from({ length: 1_001 }, () => field('email', 'a@example.com')) },
    'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED',
  ],
])('submission %# is refused as %s', async (body, errorType) => {
  const answer = await submit(body);
  expect(answer).toMatchObject({ status: 400, body: { message: 'The request is not valid' } });
  expect((answer.body['errors'] as { errorType: string }[]).map((error) => error.errorType)).toContain(
    errorType,
  );
});

test('without validation only the address is looked at', async () => {
  const fields = [field('email', 'a@example.com'), field('colour', 'red')];
  expect((await submit({ fields, skipValidation: true })).status).toBe(200);
  expect((await submit({ fields: [field('email', 'nobody')], skipValidation: true })).status).toBe(400);
});

test('a token without the scope, and a form that does not exist, are refused', async () => {
  emulator.admin.seed({
    portals: [{ portalId: DEFAULT_PORTAL_ID, tokens: [{ token: 'pat-na1-poor', scopes: [] }] }],
  });
  const path = `/submissions/v3/integration/secure/submit/${DEFAULT_PORTAL_ID}`;
  expect((await call('POST', `${path}/${GUID}`, {}, 'pat-na1-poor')).status).toBe(403);
  expect((await call('POST', `${path}/00000000-0000-4000-8000-000000000000`, {})).status).toBe(404);
});

test('open submissions need no token, and whoever ignores their limit is barred for a minute', async () => {
  emulator.admin.setLimits({ openFormSubmissions: 1 });
  expect((await submitOpenly('a@example.com')).status).toBe(200);
  for (let at = 0; at < 10; at++) expect((await submitOpenly('b@example.com')).status).toBe(429);
  emulator.clock.advance(10_001);
  expect((await submitOpenly('b@example.com')).status).toBe(429);
  emulator.clock.advance(60_000);
  expect((await submitOpenly('b@example.com')).status).toBe(200);
});

test('submissions with a token have a limit of their own', async () => {
  emulator.admin.setLimits({ formSubmissions: 1, burst: 0 });
  const fields = [field('email', 'a@example.com')];
  expect([(await submit({ fields })).status, (await submit({ fields })).status]).toEqual([200, 429]);
});

test('a page’s pixel and loader are answered, and what the page sent can be seen', async () => {
  const pixel = await fetch(`${emulator.url}/__ptq.gif?k=1&a=${DEFAULT_PORTAL_ID}&vi=${HUTK}`);
  expect([pixel.status, pixel.headers.get('content-type')]).toEqual([200, 'image/gif']);
  expect((await fetch(`${emulator.url}/${DEFAULT_PORTAL_ID}.js`)).headers.get('content-type')).toContain(
    'javascript',
  );
  expect((await fetch(`${emulator.url}/5.js`)).status).toBe(404);
  expect((await call('GET', '/_emulator/pixels')).body['hits']).toMatchObject([
    { path: '/__ptq.gif', query: { vi: HUTK } },
  ]);
});

test('a browser on another site may submit', async () => {
  const path = `${emulator.url}/submissions/v3/integration/submit/${DEFAULT_PORTAL_ID}/${GUID}`;
  const asked = await fetch(path, { method: 'OPTIONS' });
  expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});
