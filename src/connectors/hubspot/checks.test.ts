import { expect, test } from 'vitest';
import type { Call, CallResponse } from '../../kit/index.ts';
import { driveSteps } from '../../../test/support/drive-steps.ts';
import { HubspotModel } from '../../../test/support/hubspot-model.ts';
import { checks } from './checks.ts';
import { settingsSchema } from './settings.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });

function run(
  answers: Readonly<Record<string, CallResponse>>,
  presets: readonly string[] = ['hubspot/subscribers'],
) {
  const model = new HubspotModel();
  model.onCall = ({ path }: Call) => Object.entries(answers).find(([end]) => path.endsWith(end))?.[1];
  return checks.flatMap(
    (check) => driveSteps(check.run({ settings, presets, actions: [] }), model.answer).result,
  );
}

const details: CallResponse = {
  status: 200,
  headers: { 'x-hubspot-ratelimit-max': '190', 'x-hubspot-ratelimit-daily-remaining': '624000' },
  body: { portalId: 1_000_001 },
};

function tokenInfo(...scopes: string[]): CallResponse {
  return { status: 200, headers: {}, body: { scopes } };
}

test('a connection in order has a line for account, plan, each scope and properties', () => {
  const scopes = ['objects', 'schemas'].flatMap((kind) =>
    ['read', 'write'].map((verb) => `crm.${kind}.contacts.${verb}`),
  );
  const lines = run({ '/details': details, '/access-token-info': tokenInfo(...scopes) });
  expect(lines.every(({ ok }) => ok)).toBe(true);
  expect(lines.map(({ text }) => text)).toEqual([
    'API reachable at https://api.hubapi.com (2026-09)',
    'Token valid for portal 1000001',
    'Plan free: 190 calls in 10 s, 624000 calls left today',
    ...scopes.map((scope) => `Scope ${scope}`),
    'Contacts can be read',
    'Properties to be created when first needed: sesamy_user_id, has_active_subscription, active_subscription_count, canceled_subscriptions_count, subscription_type',
  ]);
});

test('a refused token ends the account check with what to do', () => {
  const lines = run({ '/details': { status: 401, headers: {}, body: {} } });
  expect(lines).toContainEqual({
    ok: false,
    text: 'Token refused',
    remedy: 'Copy the access token of the private app or service key again, or make a new one.',
  });
});

test('a missing scope is named, and properties that it keeps from being created', () => {
  const lines = run({ '/details': details, '/access-token-info': tokenInfo('crm.objects.contacts.read') });
  expect(lines.filter(({ ok }) => !ok).map(({ text }) => text)).toEqual([
    'Scope crm.objects.contacts.write is missing',
    'Scope crm.schemas.contacts.read is missing',
    'Scope crm.schemas.contacts.write is missing',
    expect.stringContaining('Properties missing that cannot be created'),
  ]);
});
