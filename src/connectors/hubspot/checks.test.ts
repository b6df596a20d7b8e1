import { expect, test } from 'vitest';
import type { JsonValue } from '../../kernel/json.ts';
import type { AnyAction, AnyPreset, Call, CallResponse, FlowUse } from '../../kit/index.ts';
import { driveSteps } from '../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../test/support/hubspot-model.ts';
import { deleteContact } from './actions/delete-contact.ts';
import { submitForm } from './actions/submit-form.ts';
import { upsertContact } from './actions/upsert-contact.ts';
import { upsertObject } from './actions/upsert-object.ts';
import { checks } from './checks.ts';
import { group } from './presets/group.ts';
import { subscribers } from './presets/subscribers.ts';
import { track } from './presets/track.ts';
import { settingsSchema } from './settings.ts';

interface Run {
  readonly flows?: readonly FlowUse[];
  readonly settings?: object;
  readonly granted?: readonly string[];
}

function uses(preset: AnyPreset): FlowUse {
  return { preset, options: preset.action.options.parse(preset.options) };
}

function ownFlow(action: AnyAction, map: JsonValue, options: object = {}): FlowUse {
  return { preset: { id: `hubspot/${action.id}`, action }, options: action.options.parse(options), map };
}

const toContact = ownFlow(upsertContact, { email: { $path: 'properties.email' }, properties: {} });
const toForm = ownFlow(submitForm, { form_id: 'f', fields: { $path: 'properties' } });
/** Whether it is about deals or custom objects, its events say. */
const toAnyObject = ownFlow(upsertObject, { $path: 'properties.record' });

function run(
  answers: Readonly<Record<string, CallResponse>>,
  { flows = [uses(subscribers)], settings = {}, granted }: Run = {},
) {
  const model = new HubspotModel();
  model.onCall = ({ path }: Call) => Object.entries(answers).find(([end]) => path.endsWith(end))?.[1];
  const parsed = settingsSchema.parse({ access_token: 'pat-na1-test', ...settings });
  return checks.flatMap(
    (check) => driveSteps(check.run({ settings: parsed, flows, granted }), model.answer).result,
  );
}

const answered = (status: number, body: object, headers: Record<string, string> = {}): CallResponse => ({
  status,
  headers,
  body,
});
const details = answered(
  200,
  { portalId: 1_000_001 },
  { 'x-hubspot-ratelimit-max': '190', 'x-hubspot-ratelimit-daily-remaining': '624000' },
);
const tokenInfo = (...scopes: string[]): CallResponse => answered(200, { scopes });
const CONTACT_SCOPES = ['objects', 'schemas'].flatMap((kind) =>
  ['read', 'write'].map((verb) => `crm.${kind}.contacts.${verb}`),
);
const wrong = (lines: ReturnType<typeof run>) => lines.filter(({ ok }) => !ok).map(({ text }) => text);

test('a connection in order has a line for account, plan, each scope and properties', () => {
  const lines = run({ '/details': details, '/access-token-info': tokenInfo(...CONTACT_SCOPES) });
  expect(wrong(lines)).toEqual([]);
  expect(lines.map(({ text }) => text)).toEqual([
    'API reachable at https://api.hubapi.com (2026-09)',
    'Token valid for portal 1000001',
    'Plan free: 190 calls in 10 s, 624000 calls left today',
    ...CONTACT_SCOPES.map((scope) => `Scope ${scope}`),
    'Contacts can be read',
    'Properties to be created when first needed: sesamy_user_id, has_active_subscription, active_subscription_count, canceled_subscriptions_count, subscription_type',
  ]);
});

/** Every call of such a token is answered alike. */
function everywhere(answer: CallResponse): Readonly<Record<string, CallResponse>> {
  return { '': answer };
}

test.each([
  [
    'revoked',
    answered(401, { category: 'INVALID_AUTHENTICATION', message: 'Authentication credentials not found.' }),
    'Token refused: it was revoked or replaced, or is not a token of HubSpot',
  ],
  [
    'expired',
    answered(401, {
      category: 'EXPIRED_AUTHENTICATION',
      message: 'The OAuth token used to make this call expired 42 second(s) ago.',
    }),
    'Token expired 42 seconds ago',
  ],
  ['malformed', answered(530, {}), 'Token refused: it has characters that no token has'],
])('a token that is %s has one line that says so', (_, answer, text) => {
  expect(
    wrong(run(everywhere(answer), { flows: [toContact, uses(track), uses(group), toAnyObject] })),
  ).toEqual([text]);
});

const toDeletion = ownFlow(
  deleteContact,
  { contact: { by: 'email', value: { $path: 'userId' } } },
  { confirm: 'delete contacts' },
);

test('each missing scope has one line, which names the flows that need it', () => {
  const lines = run(
    { '/details': details, '/access-token-info': tokenInfo(...CONTACT_SCOPES.slice(1)) },
    { flows: [toContact, toDeletion, toForm] },
  );
  expect(wrong(lines)).toEqual([
    'Scope crm.objects.contacts.read is missing, which hubspot/upsert-contact, hubspot/delete-contact needs',
    'Scope forms is missing, which hubspot/submit-form needs',
  ]);
});

test('properties that a missing scope keeps from being created are named', () => {
  const scopes = CONTACT_SCOPES.filter((scope) => scope !== 'crm.schemas.contacts.write');
  expect(wrong(run({ '/details': details, '/access-token-info': tokenInfo(...scopes) }))).toEqual([
    'Scope crm.schemas.contacts.write is missing, which hubspot/subscribers needs',
    expect.stringContaining('Properties missing that cannot be created'),
  ]);
});

test('a plan that is set higher than the account’s is found by what HubSpot allows', () => {
  const free = answered(200, { portalId: 1 }, { 'x-hubspot-ratelimit-max': '100' });
  const lines = run(
    { '/details': free, '/access-token-info': tokenInfo(...CONTACT_SCOPES) },
    { settings: { plan: 'enterprise' } },
  );
  expect(wrong(lines)).toEqual([
    'Plan enterprise is configured for 190 calls in 10 s, but HubSpot allows 100',
  ]);
});

const EVENT_SCOPES = ['analytics.behavioral_events.send', 'behavioral_events.event_definitions.read_write'];
const refusedEvents = answered(403, {
  category: 'MISSING_SCOPES',
  errors: [{ message: 'x', context: { requiredGranularScopes: EVENT_SCOPES.slice(1) } }],
});

test('custom events in an account below Enterprise are refused in one line, whatever the token says', () => {
  const answers = { '/details': details, '/event-definitions': refusedEvents };
  const use = { flows: [uses(track)] };
  expect(
    wrong(run({ ...answers, '/access-token-info': tokenInfo(...CONTACT_SCOPES, ...EVENT_SCOPES) }, use)),
  ).toEqual(['Custom events need the Enterprise plan, which the account lacks']);
  const lines = run(
    { ...answers, '/access-token-info': tokenInfo(...CONTACT_SCOPES, EVENT_SCOPES[0] ?? '') },
    use,
  );
  expect(lines.filter(({ ok }) => !ok)).toEqual([
    {
      ok: false,
      text: `Scope ${EVENT_SCOPES[1] ?? ''} is missing, which hubspot/track needs`,
      remedy: expect.stringContaining('Enterprise') as string,
    },
  ]);
});

test('custom objects that cannot be used are told, but are no fault where events may be about deals', () => {
  const lines = run(
    { '/details': details, '/schemas': answered(403, {}), '/access-token-info': tokenInfo() },
    { flows: [toAnyObject] },
  );
  expect(wrong(lines)).toEqual([]);
  expect(lines.map(({ text }) => text)).toContain(
    'Events decide which objects hubspot/upsert-object is about; the scopes of these are not checked',
  );
  expect(lines.at(-1)?.text).toContain('Custom objects cannot be used');
});

test('a token whose scopes HubSpot does not list is tried on the objects that flows read', () => {
  const lines = run(
    { '/details': details, '/access-token-info': answered(404, {}), '/companies': answered(403, {}) },
    { flows: [uses(group)] },
  );
  expect(wrong(lines)).toEqual([expect.stringContaining('Companies cannot be read')]);
  expect(lines.map(({ text }) => text)).toContain('Contacts can be read');
});

test('custom objects that a flow is about need the plan that has them', () => {
  const lines = run(
    { '/details': details, '/access-token-info': answered(404, {}), '/schemas': answered(403, {}) },
    { flows: [ownFlow(upsertObject, { object: 'p1_pets', key: { by: 'tag', value: '1' }, properties: {} })] },
  );
  expect(wrong(lines)).toEqual([
    expect.stringContaining('Custom objects cannot be used without the Enterprise plan'),
  ]);
});

test('of a login the scopes are those that it was granted', () => {
  const settings = { access_token: undefined, client_id: 'id', client_secret: 'secret' };
  const lines = run({ '/details': details }, { flows: [toForm], settings, granted: ['oauth'] });
  expect(lines.filter(({ ok }) => !ok)).toEqual([
    {
      ok: false,
      text: 'Scope forms is missing, which hubspot/submit-form needs',
      remedy: 'Log in again with linchpin connections login, and agree to the scope.',
    },
  ]);
});
