import { isJsonObject } from '../../kernel/json.ts';
import type { Fault, Outcome } from '../../kernel/outcome.ts';
import { stringField } from '../../kit/index.ts';
import type { CallResponse } from '../../kit/index.ts';

// The titles of https://mailchimp.com/developer/marketing/docs/errors/ (read 2026-11). Details and field messages quote
// the values that were refused, addresses above all, so nothing but a known title is passed on.
const TITLES: ReadonlyMap<string, string> = new Map(
  [
    'Bad Request',
    'Invalid Resource',
    'Invalid Action',
    'JSONParseError',
    'Member In Compliance State',
    'Forgotten Email Not Subscribed',
    'Member Exists',
    'API Key Missing',
    'API Key Invalid',
    'Forbidden',
    'User Disabled',
    'WrongDatacenter',
    'Resource Not Found',
    'Method Not Allowed',
    'ResourceNestingTooDeep',
    'InvalidMethodOverride',
    'RequestedFieldsInvalid',
    'HTTPS required',
    'Too Many Requests',
    'TooManyRequests',
    'InternalServerError',
    'ComplianceRelated',
  ].map((title) => [title, codeOf(title)]),
);

function codeOf(title: string): string {
  return title
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(' ', '_')
    .toLowerCase();
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A fault in Mailchimp's own words, without the values that it refused. The connector's `describeFailure`. */
export function describeFailure({ status, body }: CallResponse): Fault {
  const title = stringField(body, 'title') ?? '';
  const code = TITLES.get(title);
  const instance = stringField(body, 'instance') ?? '';
  const said = code === undefined ? `status ${String(status)}` : title;
  const fields = refusedFields(body);
  const about = fields.length === 0 ? '' : ` (${fields.join(', ')})`;
  return {
    code: `mailchimp.${code ?? `http_${String(status)}`}`,
    message: `Mailchimp refused: ${said}${about}.${HINTS.get(code ?? '') ?? ''}`,
    status,
    ...(UUID.test(instance) ? { requestId: instance } : {}),
  };
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['resource_not_found', ' There is no audience with this list_id, or the key may not see it.'],
  ['too_many_requests', ' More than 10 connections of the user of the key are open at once.'],
]);

/** The merge tags that a refusal names. Other fields are the connector's own mistakes. */
export function refusedFields(body: unknown): readonly string[] {
  const errors: unknown = isJsonObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return [];
  const names = errors.map((error: unknown) => stringField(error, 'field') ?? '');
  return [...new Set(names.filter((name) => /^[A-Z0-9_]{1,10}$/.test(name)))];
}

// Mailchimp says for how long nowhere; the block is seen to pass within hours (2026-11).
const MANY_SIGN_UPS_WAIT_MS = 4 * 3_600_000;

/**
 * What a 400 about one contact means. Two of these have titles of their own; the other two are told from their details,
 * as captured in the wild (2026-11): `a@b.c looks fake or invalid, please enter a real email address.` and
 * `a@b.c has signed up to a lot of lists very recently; we're not allowing more signups for now.`
 */
export function contactRefusal(response: CallResponse): Outcome {
  const title = stringField(response.body, 'title');
  const detail = stringField(response.body, 'detail') ?? '';
  if (title === 'Member In Compliance State' || detail.includes('is in a compliance state')) {
    return {
      kind: 'skipped',
      reason:
        'Mailchimp does not take the address as subscribed, after an unsubscription, a bounce or a review. The person can come back by a form.',
    };
  }
  if (title === 'Forgotten Email Not Subscribed' || detail.includes('permanently deleted')) {
    return {
      kind: 'skipped',
      reason: 'The contact was deleted for good in Mailchimp. The person can come back by a form.',
    };
  }
  const fault = describeFailure(response);
  if (detail.includes('looks fake or invalid')) {
    const message = 'Mailchimp takes the address for a fake or invalid one.';
    return { kind: 'rejected', fault: { ...fault, code: 'mailchimp.address_refused', message } };
  }
  if (detail.includes('signed up to a lot of lists')) {
    const message = 'Mailchimp has seen the address enter many audiences lately, and takes it later.';
    return {
      kind: 'retry',
      waitMs: MANY_SIGN_UPS_WAIT_MS,
      fault: { ...fault, code: 'mailchimp.many_sign_ups', message },
    };
  }
  return { kind: 'rejected', fault };
}

/** A 2xx whose body is not what the vendor documents: the page of a proxy, or a change of the API. */
export function unexpected(what: string): Extract<Outcome, { kind: 'retry' }> {
  const message = `Mailchimp's answer about ${what} has not the documented form.`;
  return { kind: 'retry', fault: { code: 'mailchimp.unexpected_answer', message } };
}
