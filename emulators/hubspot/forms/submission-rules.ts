import { isIP } from 'node:net';
import type { EmulatorRequest } from '../../core/index.ts';
import { isFields, readFlag, readList, readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { checkValue } from '../objects/value-rules.ts';
import { CONTACTS } from '../objects/object-types.ts';
import type { Portal } from '../portal.ts';
import type { Switches } from '../switches.ts';
import type { Form, SubmittedField } from './form.ts';
import type { FormFault } from './form-errors.ts';

// "fields … limited to 1000"; "submittedAt … at most one month ago" (forms guide, 2026-04), taken as 30 days.
const FIELDS_MAX = 1_000;
const AGE_MS_MAX = 30 * 86_400_000;
const HUTK = /^[\da-f]{32}$/i;

export interface ReadSubmission {
  readonly fields: readonly SubmittedField[];
  readonly submittedAt: number;
  readonly context: Fields;
  readonly legalConsentOptions: unknown;
  readonly faults: readonly FormFault[];
}

export function readSubmission(
  request: EmulatorRequest,
  body: Fields,
  form: Form,
  portal: Portal,
  switches: Switches,
): ReadSubmission {
  const fields = (readList(request, body, 'fields') ?? []).map((given): SubmittedField => {
    if (!isFields(given)) return wrongType(request, 'fields', 'object', given);
    return {
      objectTypeId: readText(request, given, 'objectTypeId') ?? CONTACTS,
      name: readText(request, given, 'name') ?? '',
      value: readText(request, given, 'value') ?? '',
    };
  });
  const context = body['context'] ?? {};
  if (!isFields(context)) return wrongType(request, 'context', 'object', context);
  const submittedAt = Number(readText(request, body, 'submittedAt') ?? request.at);
  const skips = readFlag(request, body, 'skipValidation') ?? false;
  return {
    fields,
    submittedAt,
    context,
    legalConsentOptions: body['legalConsentOptions'],
    faults: [
      ...(form.hasCaptcha ? [fault('FORM_HAS_RECAPTCHA_ENABLED', 'The form has a captcha')] : []),
      ...(fields.length > FIELDS_MAX
        ? [
            fault(
              'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED',
              `At most ${FIELDS_MAX} fields, found ${fields.length}`,
            ),
          ]
        : []),
      ...timeFaults(submittedAt, request.at),
      ...contextFaults(context),
      ...consentFaults(body['legalConsentOptions'], form),
      ...(skips ? emailFaults(fields, portal, switches) : fieldFaults(fields, form, portal, switches)),
    ],
  };
}

function timeFaults(submittedAt: number, now: number): FormFault[] {
  const isSound = Number.isInteger(submittedAt) && now - submittedAt <= AGE_MS_MAX;
  return isSound ? [] : [fault('INVALID_METADATA', "Error in 'submittedAt'. It must be at most a month ago")];
}

function contextFaults(context: Fields): FormFault[] {
  const faults: FormFault[] = [];
  const { hutk, ipAddress, pageUri } = context;
  if (typeof hutk === 'string' && !HUTK.test(hutk))
    faults.push(fault('INVALID_HUTK', "Error in 'context.hutk'"));
  if (typeof ipAddress === 'string' && isIP(ipAddress) === 0) {
    faults.push(fault('INVALID_IP_ADDRESS', "Error in 'context.ipAddress'"));
  }
  if (typeof pageUri === 'string' && !URL.canParse(pageUri, 'https://page.invalid')) {
    faults.push(fault('INVALID_PAGE_URI', "Error in 'context.pageUri'"));
  }
  return faults;
}

function consentFaults(given: unknown, form: Form): FormFault[] {
  if (given === undefined || given === null) {
    return form.needsConsent ? [fault('MISSING_PROCESSING_CONSENT', 'The form asks for consent')] : [];
  }
  const consent = isFields(given) ? (given['consent'] ?? given['legitimateInterest']) : undefined;
  if (!isFields(consent)) return [fault('INVALID_LEGAL_OPTION_FORMAT', "Error in 'legalConsentOptions'")];
  const faults: FormFault[] = [];
  if (form.needsConsent && isFields(given) && 'consent' in given && consent['consentToProcess'] !== true) {
    faults.push(
      fault('MISSING_PROCESSING_CONSENT', "Error in 'legalConsentOptions.consent.consentToProcess'"),
    );
  }
  if (typeof consent['text'] !== 'string' || consent['text'] === '') {
    faults.push(fault('MISSING_PROCESSING_CONSENT_TEXT', "Error in 'legalConsentOptions.consent.text'"));
  }
  const communications = Array.isArray(consent['communications'])
    ? (consent['communications'] as unknown[])
    : [];
  if (
    communications.some((each) => !isFields(each) || typeof each['text'] !== 'string' || each['text'] === '')
  ) {
    faults.push(
      fault('MISSING_COMMUNICATION_CONSENT_TEXT', "Error in 'legalConsentOptions.consent.communications'"),
    );
  }
  return faults;
}

function fieldFaults(
  fields: readonly SubmittedField[],
  form: Form,
  portal: Portal,
  switches: Switches,
): FormFault[] {
  const missing = form.fields.filter(
    ({ required, name }) => required && !fields.some((field) => field.name === name && field.value !== ''),
  );
  return [
    ...missing.map(({ name }) =>
      fault('REQUIRED_FIELD', `Error in 'fields.${name}'. Required field '${name}' is missing`),
    ),
    ...fields.flatMap((field) => {
      const isDefined = form.fields.some(
        ({ name, objectTypeId }) => name === field.name && objectTypeId === field.objectTypeId,
      );
      return isDefined
        ? valueFaults(field, portal, switches)
        : [
            fault(
              'FIELD_NOT_IN_FORM_DEFINITION',
              `Error in 'fields.${field.name}'. The form has no such field`,
            ),
          ];
    }),
  ];
}

/** An address is looked at even where the caller asks for no validation: it says who the contact is. */
function emailFaults(fields: readonly SubmittedField[], portal: Portal, switches: Switches): FormFault[] {
  return fields
    .filter(({ name, objectTypeId }) => name === 'email' && objectTypeId === CONTACTS)
    .flatMap((field) => valueFaults(field, portal, switches));
}

function valueFaults(field: SubmittedField, portal: Portal, switches: Switches): FormFault[] {
  const { name, value, objectTypeId } = field;
  const property = portal.properties(objectTypeId).find(name);
  if (property === undefined || value === '') return [];
  const place = `Error in 'fields.${name}'. `;
  if (name === 'email' && objectTypeId === CONTACTS && portal.records(CONTACTS).isBarred(value)) {
    return [fault('BLOCKED_EMAIL', `${place}The address is blocked`)];
  }
  const checked = checkValue(property, value, undefined, switches);
  if (!('fault' in checked)) return [];
  switch (checked.fault.code) {
    case 'INVALID_EMAIL':
      return [fault('INVALID_EMAIL', `${place}Invalid email address`)];
    case 'INVALID_OPTION':
      return [fault('VALUE_NOT_IN_FIELD_DEFINITION', place + checked.fault.message)];
    case 'PROPERTY_VALUE_TOO_LONG':
      return [fault('INPUT_TOO_LARGE', place + checked.fault.message)];
    default:
      return [
        fault(
          property.type === 'number' ? 'INVALID_NUMBER' : 'VALUE_NOT_IN_FIELD_DEFINITION',
          place + checked.fault.message,
        ),
      ];
  }
}

function fault(errorType: FormFault['errorType'], message: string): FormFault {
  return { errorType, message };
}
