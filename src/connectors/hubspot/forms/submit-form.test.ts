import { beforeEach, expect, test } from 'vitest';
import type { Call, CallResponse } from '../../../kit/index.ts';
import { aCache, driveSteps } from '../../../../test/support/drive-steps.ts';
import { INEXACT } from '../inexact-number.ts';
import { submitForm } from '../actions/submit-form.ts';
import { settingsSchema } from '../settings.ts';

const settings = settingsSchema.parse({ access_token: 'pat-na1-test' });
const nowMs = Date.parse('2026-11-20T12:00:00Z');
let cache: ReturnType<typeof aCache>;
let refusals: CallResponse[];

beforeEach(() => {
  cache = aCache();
  refusals = [];
});

const refused = (...errors: [errorType: string, message: string][]): CallResponse => ({
  status: 400,
  headers: {},
  body: {
    status: 'error',
    message: 'The request is not valid',
    correlationId: 'cid',
    errors: errors.map(([errorType, message]) => ({ errorType, message })),
  },
});

function answer({ path, base }: Call): CallResponse {
  if (path.endsWith('/details')) return { status: 200, headers: {}, body: { portalId: 1_000_001 } };
  if (base !== 'forms') throw new Error(`Forms are submitted on a host of their own, not at ${path}.`);
  return refusals.shift() ?? { status: 200, headers: {}, body: { inlineMessage: 'Thanks' } };
}

function submit(input: object, options: object = {}) {
  const batch = [{ input: submitForm.input.parse({ form_id: 'guid', ...input }), traceId: 't', attempt: 1 }];
  const context = { settings, options: submitForm.options.parse(options), cache, nowMs };
  return driveSteps(submitForm.deliver(batch, context), answer);
}

test('a form is submitted with values, visitor, page and consent', () => {
  const { result, calls } = submit({
    fields: {
      email: 'a@x.io',
      topics: ['a', 'b'],
      '0-2/name': 'Acme',
      age: 40,
      nothing: null,
      member: 2 ** 53,
    },
    submitted_at: '2026-11-19T12:00:00Z',
    hutk: 'h',
    ip_address: '192.0.2.1',
    page_url: 'https://x.io/p',
    page_name: 'P',
    consent: {
      process: true,
      text: 'I agree',
      communications: [{ subscription_type_id: 9, value: true, text: 'Mail' }],
    },
  });
  expect(result).toEqual([
    {
      kind: 'delivered',
      notes: ['Left out, null, which a form cannot hold: nothing.', `Left out, ${INEXACT}: member.`],
    },
  ]);
  expect(calls[1]).toMatchObject({
    base: 'forms',
    path: '/submissions/v3/integration/secure/submit/1000001/guid',
    body: {
      fields: [
        { objectTypeId: '0-1', name: 'email', value: 'a@x.io' },
        { objectTypeId: '0-1', name: 'topics', value: 'a;b' },
        { objectTypeId: '0-2', name: 'name', value: 'Acme' },
        { objectTypeId: '0-1', name: 'age', value: '40' },
      ],
      submittedAt: Date.parse('2026-11-19T12:00:00Z'),
      context: { hutk: 'h', ipAddress: '192.0.2.1', pageUri: 'https://x.io/p', pageName: 'P' },
      legalConsentOptions: {
        consent: {
          consentToProcess: true,
          text: 'I agree',
          communications: [{ subscriptionTypeId: 9, value: true, text: 'Mail' }],
        },
      },
    },
  });
});

test('whose account it is, is asked once', () => {
  submit({ fields: { email: 'a@x.io' } });
  expect(submit({ fields: { email: 'a@x.io' } }).calls).toHaveLength(1);
});

test('a cookie that HubSpot does not take costs the cookie, not the form', () => {
  refusals = [refused(['INVALID_HUTK', "Error in 'hutk'. Invalid hutk"])];
  const { result, calls } = submit({
    fields: { email: 'a@x.io' },
    hutk: 'made up',
    page_url: 'https://x.io',
  });
  expect(result).toEqual([{ kind: 'delivered', notes: ['Left out, refused by HubSpot: hutk.'] }]);
  expect(calls.at(-1)?.body).toMatchObject({ context: { pageUri: 'https://x.io' } });
});

test('a refused value is refused in HubSpot’s words, without the value', () => {
  refusals = [
    refused(
      ['INVALID_EMAIL', "Error in 'fields.email'. Invalid email address 'secret@'"],
      ['INVALID_HUTK', "Error in 'hutk'."],
    ),
  ];
  const { result } = submit({ fields: { email: 'secret@' } });
  expect(result).toEqual([
    {
      kind: 'rejected',
      fault: {
        code: 'hubspot.INVALID_EMAIL',
        message: 'HubSpot refused the form: INVALID_EMAIL, INVALID_HUTK (fields email).',
        status: 400,
        requestId: 'cid',
      },
    },
  ]);
});

test.each([
  ['older than a month', '2026-10-01T00:00:00Z', 'hubspot.form_age'],
  ['of a time without a zone', '2026-11-19T12:00', 'hubspot.form_date'],
])('a submission %s is not sent as one of today', (_, submitted_at, code) => {
  const { result, calls } = submit({ fields: {}, submitted_at });
  expect(result).toMatchObject([{ kind: 'rejected', fault: { code } }]);
  expect(calls).toEqual([]);
});
