import { expect, test } from 'vitest';
import { EmulatorRequest } from '../../core/index.ts';
import { Portal } from '../portal.ts';
import { DEFAULT_SWITCHES } from '../switches.ts';
import type { Token } from '../token.ts';
import { toObjectCall } from './object-call.ts';
import type { ObjectRecord } from './object-record.ts';
import { resolveType } from './object-types.ts';
import { parseSearch } from './search-query.ts';

const portal = new Portal({ id: 1, plan: 'free', hasAddOn: false, hublet: 'na1', timeZone: 'UTC' });

const token: Token = {
  token: 't',
  portalId: 1,
  appId: 1,
  userId: 1,
  kind: 'private',
  scopes: new Set(),
  expiresAt: undefined,
  isRevoked: false,
};

const contact: ObjectRecord = {
  typeId: '0-1',
  id: '150000000001',
  createdAt: Date.UTC(2026, 0, 1),
  source: { changeSource: 'INTEGRATION', sourceId: '1' },
  values: {
    email: 'ada@x.com',
    firstname: 'Ada',
    hs_lead_status: 'NEW',
    hs_additional_emails: 'old@x.com;b@y.com',
  },
  updatedAt: Date.UTC(2026, 0, 2),
  stageAt: 0,
  archivedAt: undefined,
  history: [],
};

function matches(filter: Readonly<Record<string, unknown>>): boolean {
  const body = { filterGroups: [{ filters: [filter] }] };
  const request = new EmulatorRequest({
    method: 'POST',
    target: '/',
    headers: {},
    origin: '',
    at: 0,
    body: Buffer.from(JSON.stringify(body)),
  });
  const call = toObjectCall(
    { request, portal, token, switches: DEFAULT_SWITCHES, now: 0 },
    resolveType(portal, 'contacts'),
  );
  return parseSearch(call, body).groups.every((group) => group.every(({ test: holds }) => holds(contact)));
}

test.each([
  ['firstname', 'EQ', { value: 'ADA' }, true],
  ['hs_lead_status', 'EQ', { value: 'new' }, false],
  ['email', 'EQ', { value: 'old@x.com' }, false],
  ['hs_additional_emails', 'CONTAINS_TOKEN', { value: 'old@x.com' }, true],
  ['email', 'CONTAINS_TOKEN', { value: '*@x.com' }, true],
  ['email', 'NOT_CONTAINS_TOKEN', { value: '*@y.com' }, true],
  ['email', 'IN', { values: ['ada@x.com'] }, true],
  ['email', 'IN', { values: ['Ada@x.com'] }, false],
  ['email', 'NOT_IN', { values: ['z@x.com'] }, true],
  ['city', 'HAS_PROPERTY', {}, false],
  ['city', 'NOT_HAS_PROPERTY', {}, true],
  ['createdate', 'GTE', { value: String(Date.UTC(2026, 0, 1)) }, true],
  ['createdate', 'LT', { value: '2026-01-01T00:00:00Z' }, false],
  ['hs_object_id', 'GT', { value: '99999999999' }, true],
  ['lastmodifieddate', 'BETWEEN', { value: '2026-01-01', highValue: '2026-01-03' }, true],
])('%s %s %j matches: %s', (propertyName, operator, operands, isMatch) => {
  expect(matches({ propertyName, operator, ...operands })).toBe(isMatch);
});
