import { Refused } from '../../core/index.ts';
import { linkPlanned } from '../associations/plan-links.ts';
import { backgroundCall } from '../background-call.ts';
import { noteVisitor } from '../events/process-events.ts';
import type { Call } from '../guard.ts';
import { toObjectCall } from '../objects/object-call.ts';
import { COMPANIES, CONTACTS, resolveType } from '../objects/object-types.ts';
import type { ObjectRecord } from '../objects/object-record.ts';
import { applyWrite, checkCreation, checkUpdate } from '../objects/write-record.ts';
import type { Portal } from '../portal.ts';
import type { HubspotState } from '../state.ts';
import type { Form, SubmittedField } from './form.ts';
import type { ReadSubmission } from './submission-rules.ts';

// The plain association of HubSpot's own (its guide to associations, 2026-04).
const CONTACT_TO_COMPANY = { category: 'HUBSPOT_DEFINED', typeId: 279 } as const;

/** Carries an accepted submission out: the contact, the company, the visitor, the submission itself. */
export function submit(state: HubspotState, portal: Portal, form: Form, submission: ReadSubmission): void {
  const call = backgroundCall(state, portal, { changeSource: 'FORM', sourceId: form.guid });
  const { fields, submittedAt, context, legalConsentOptions } = submission;
  const hutk = typeof context['hutk'] === 'string' ? context['hutk'] : undefined;
  const values = valuesOf(fields, CONTACTS);
  const contact = writeContact(call, values, hutk === undefined ? undefined : portal.visitors.get(hutk));
  if (contact !== undefined && hutk !== undefined) noteVisitor(state, portal, hutk, contact.id);
  const companyValues = valuesOf(fields, COMPANIES);
  const company = Object.keys(companyValues).length > 0 ? writeCompany(call, companyValues) : undefined;
  if (contact !== undefined && company !== undefined) {
    linkPlanned(call, CONTACTS, contact.id, [
      { toTypeId: COMPANIES, toId: company.id, types: [CONTACT_TO_COMPANY] },
    ]);
  }
  portal.forms.add(form.guid, {
    submittedAt,
    receivedAt: call.now,
    fields,
    context,
    legalConsentOptions,
    contactId: contact?.id,
  });
}

function valuesOf(fields: readonly SubmittedField[], typeId: string): Record<string, string> {
  return Object.fromEntries(
    fields
      .filter(({ objectTypeId, value }) => objectTypeId === typeId && value !== '')
      .map(({ name, value }) => [name, value]),
  );
}

/** By the address, else by the browser's cookie; a submission that names nobody makes no contact. */
function writeContact(
  call: Call,
  values: Readonly<Record<string, string>>,
  visitorId: string | undefined,
): ObjectRecord | undefined {
  const objectCall = toObjectCall(call, resolveType(call.portal, CONTACTS));
  const { records } = objectCall;
  const email = values['email'];
  const known = email === undefined ? records.findMerged(visitorId ?? '') : records.findByEmail(email);
  if (known === undefined && email === undefined) return undefined;
  const usable = Object.fromEntries(
    Object.entries(values).filter(([name]) => objectCall.properties.find(name) !== undefined),
  );
  try {
    return applyWrite(
      objectCall,
      known === undefined ? checkCreation(objectCall, usable) : checkUpdate(objectCall, known, usable),
    );
  } catch (error) {
    // Accepted without validation, and not good enough for the record: the submission alone remains.
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Forms, unlike the API, know a company by its domain (documented). */
function writeCompany(call: Call, values: Readonly<Record<string, string>>): ObjectRecord | undefined {
  const objectCall = toObjectCall(call, resolveType(call.portal, COMPANIES));
  const domain = values['domain']?.toLowerCase();
  const known =
    domain === undefined
      ? undefined
      : [...objectCall.records.all()].find(
          (record) => record.archivedAt === undefined && record.values['domain'] === domain,
        );
  try {
    return applyWrite(
      objectCall,
      known === undefined ? checkCreation(objectCall, values) : checkUpdate(objectCall, known, values),
    );
  } catch (error) {
    // As for the contact.
    if (error instanceof Refused) return undefined;
    throw error;
  }
}
