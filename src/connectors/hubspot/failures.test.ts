import { expect, test } from 'vitest';
import { classifyFailure } from '../../kit/index.ts';
import { FAILURES } from './failures.ts';
import { describeFailure } from './vendor-error.ts';

function classify(status: number, body: unknown = {}, headers: Record<string, string> = {}) {
  return classifyFailure({ status, headers, body }, FAILURES, 'hubspot', describeFailure);
}

test.each<[string, number, unknown, Record<string, string>, object]>([
  ['a spent day waits an hour', 429, { policyName: 'DAILY' }, {}, { kind: 'deferred', waitMs: 3_600_000 }],
  ['a spent second waits one', 429, { policyName: 'SECONDLY' }, {}, { kind: 'deferred', waitMs: 1_000 }],
  [
    'a spent window waits ten seconds',
    429,
    { policyName: 'TEN_SECONDLY_ROLLING' },
    {},
    { kind: 'deferred', waitMs: 10_000 },
  ],
  [
    'the message tells the policy where the name is absent',
    429,
    { category: 'RATE_LIMITS', message: 'You have reached your daily limit.' },
    {},
    { kind: 'deferred', waitMs: 3_600_000 },
  ],
  ['a longer Retry-After wins', 429, { policyName: 'SECONDLY' }, { 'retry-after': '5' }, { waitMs: 5_000 }],
  [
    'a 429 of unknown policy waits out the window',
    429,
    'slow down',
    {},
    { kind: 'deferred', waitMs: 10_000 },
  ],
  ['a locked record is tried again in two seconds', 423, {}, {}, { kind: 'retry', waitMs: 2_000 }],
  ['a locked record that names a longer wait', 423, {}, { 'retry-after': '5' }, { waitMs: 5_000 }],
  [
    'a portal on the move says how long',
    477,
    {},
    { 'retry-after': '7200' },
    { kind: 'deferred', waitMs: 7_200_000 },
  ],
  ['an unknown token suspends', 401, { category: 'INVALID_AUTHENTICATION' }, {}, { kind: 'suspended' }],
  ['a malformed token, answered by the proxy, suspends', 530, '<html>', {}, { kind: 'suspended' }],
  ['a gateway error is tried again', 502, '<html>', {}, { kind: 'retry' }],
  ['an origin that does not answer is tried again', 524, undefined, {}, { kind: 'retry' }],
  ['any other refusal is final', 415, {}, {}, { kind: 'rejected' }],
])('%s', (_, status, body, headers, expected) => {
  expect(classify(status, body, headers)).toMatchObject(expected);
});

test('a missing scope is named', () => {
  const body = {
    status: 'error',
    category: 'MISSING_SCOPES',
    correlationId: 'cid',
    message: "This app hasn't been granted all required scopes to make this call.",
    errors: [
      { message: 'One or more…', context: { requiredGranularScopes: ['crm.objects.contacts.write'] } },
    ],
  };
  expect(classify(403, body)).toEqual({
    kind: 'suspended',
    fault: {
      code: 'hubspot.MISSING_SCOPES',
      message: 'HubSpot refused: MISSING_SCOPES (scopes crm.objects.contacts.write).',
      status: 403,
      requestId: 'cid',
    },
  });
});

test('a fault names properties and never quotes their values', () => {
  const message =
    'Property values were not valid: [{"isValid":false,"message":"top secret was not one of the allowed options","error":"INVALID_OPTION","name":"plan"}]';
  const { fault } = classify(400, { message, category: 'VALIDATION_ERROR' }) as { fault: object };
  expect(fault).toEqual({
    code: 'hubspot.INVALID_OPTION',
    message: 'HubSpot refused: INVALID_OPTION (properties plan).',
    status: 400,
  });
});
