import type { JsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { INEXACT, inexactNumberIn } from '../inexact-number.ts';
import { toEpochMs } from '../records/property-value.ts';
import type { FormInput, FormOptions } from './form-input.ts';

// developers.hubspot.com, forms submit API (read 2026-11): at most so many fields, and submissions of the last month,
// taken as 30 days.
const FIELDS_MAX = 1_000;
const AGE_MS_MAX = 30 * 86_400_000;

const CONTACT = '0-1';

export interface Submission {
  readonly body: JsonObject;
  /** What was left out, for the outcome. */
  readonly notes: readonly string[];
}

/** A submission as HubSpot wants it, or why it would not take it. */
export function toSubmission(
  input: FormInput,
  { skip_validation }: FormOptions,
  nowMs: number,
): Submission | Outcome {
  const entries = Object.entries(input.fields);
  const fields = entries.flatMap(([key, value]) => {
    if (value === null || inexactNumberIn(value) !== undefined) return [];
    const [, objectTypeId = CONTACT, name = key] = /^(\d+-\d+)\/(.+)$/.exec(key) ?? [];
    // Several values are written as HubSpot writes them.
    return [{ objectTypeId, name, value: typeof value === 'object' ? value.join(';') : String(value) }];
  });
  if (fields.length > FIELDS_MAX) return rejected('FIELDS', 'The form has more than 1,000 values.');
  const submittedAt = input.submitted_at === undefined ? undefined : toEpochMs(input.submitted_at);
  if (input.submitted_at !== undefined && submittedAt === undefined) {
    return rejected('DATE', 'The time of the submission is not ISO 8601 with a time zone.');
  }
  // Sent without its time it would count as one of today.
  if (submittedAt !== undefined && nowMs - submittedAt > AGE_MS_MAX) {
    return rejected('AGE', 'The submission is older than the month that HubSpot takes.');
  }
  const namesWhere = (isSo: (value: FormInput['fields'][string]) => boolean): string =>
    entries.flatMap(([key, value]) => (isSo(value) ? [key] : [])).join(', ');
  const leftOut = [
    ['null, which a form cannot hold', namesWhere((value) => value === null)],
    [INEXACT, namesWhere((value) => inexactNumberIn(value) !== undefined)],
  ] as const;
  const context = contextOf(input);
  return {
    body: {
      fields,
      ...(submittedAt === undefined ? {} : { submittedAt }),
      ...(Object.keys(context).length === 0 ? {} : { context }),
      ...legalConsentOf(input),
      ...(skip_validation ? { skipValidation: true } : {}),
    },
    notes: leftOut.flatMap(([reason, names]) => (names === '' ? [] : [`Left out, ${reason}: ${names}.`])),
  };
}

function contextOf({ hutk, ip_address, page_url, page_name, page_id }: FormInput): JsonObject {
  return {
    ...(hutk === undefined ? {} : { hutk }),
    ...(ip_address === undefined ? {} : { ipAddress: ip_address }),
    ...(page_url === undefined ? {} : { pageUri: page_url }),
    ...(page_name === undefined ? {} : { pageName: page_name }),
    ...(page_id === undefined ? {} : { pageId: page_id }),
  };
}

function legalConsentOf({ consent }: FormInput): JsonObject {
  if (consent === undefined) return {};
  const { process, text, communications } = consent;
  return {
    legalConsentOptions: {
      consent: {
        ...(process === undefined ? {} : { consentToProcess: process }),
        ...(text === undefined ? {} : { text }),
        communications: communications.map(({ subscription_type_id, value, text: agreed }) => ({
          subscriptionTypeId: subscription_type_id,
          value,
          text: agreed,
        })),
      },
    },
  };
}

function rejected(what: 'FIELDS' | 'DATE' | 'AGE', message: string): Outcome {
  return { kind: 'rejected', fault: { code: `hubspot.form_${what.toLowerCase()}`, message } };
}
