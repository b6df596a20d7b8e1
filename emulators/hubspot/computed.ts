import type { ContactRecord } from './contact-record.ts';
import type { Portal } from './portal.ts';

type Compute = (record: ContactRecord, values: Readonly<Record<string, string>>) => string | undefined;

const iso = (at: number): string => new Date(at).toISOString();

/** What HubSpot fills in by itself, as recorded from the answers to new contacts (March 2026). */
const COMPUTED = new Map<string, Compute>(
  Object.entries<Compute>({
    createdate: (record) => iso(record.createdAt),
    lastmodifieddate: (record) => iso(record.updatedAt),
    hs_object_id: (record) => record.id,
    hs_all_contact_vids: (record) => record.id,
    hs_email_domain: (_record, values) => values['email']?.split('@')[1],
    hs_full_name_or_email: (_record, values) =>
      [values['firstname'], values['lastname']].filter((part) => part !== undefined).join(' ') ||
      values['email'],
    hs_is_contact: () => 'true',
    hs_is_unworked: () => 'true',
    hs_pipeline: () => 'contacts-lifecycle-pipeline',
    hs_object_source: () => 'INTEGRATION',
    hs_object_source_id: (record) => String(record.appId),
    hs_object_source_label: () => 'INTEGRATION',
    hs_searchable_calculated_phone_number: (_record, values) => withoutCountry(values['phone']),
    hs_searchable_calculated_mobile_number: (_record, values) => withoutCountry(values['mobilephone']),
    hs_registered_member: () => '0',
    num_notes: () => '0',
    hs_v2_date_entered_current_stage: stageSince,
    hs_v2_time_in_current_stage: stageSince,
  }),
);

/** Of those, the ones that are in the answer to a creation without being asked for. */
export const COMPUTED_NAMES: readonly string[] = [...COMPUTED.keys()];

/** In every answer. */
export const ALWAYS = ['createdate', 'hs_object_id', 'lastmodifieddate'] as const;

/** In the answer to an update beside what was touched. */
export const WITH_UPDATES = [
  ...ALWAYS,
  'hs_object_source',
  'hs_object_source_id',
  'hs_object_source_label',
  'lifecyclestage',
  'hs_pipeline',
] as const;

export const DEFAULT_READ = [
  'createdate',
  'email',
  'firstname',
  'hs_object_id',
  'lastmodifieddate',
  'lastname',
] as const;

/** The present value of a property, written or computed. */
export function valueOf(record: ContactRecord, name: string): string | undefined {
  const compute = COMPUTED.get(name);
  return compute === undefined ? record.values[name] : compute(record, record.values);
}

export function urlOf(record: ContactRecord, portal: Portal): string {
  return `https://${portal.uiDomain}/contacts/${portal.id}/record/0-1/${record.id}`;
}

function stageSince(record: ContactRecord, values: Readonly<Record<string, string>>): string | undefined {
  return values['lifecyclestage'] === undefined ? undefined : iso(record.stageAt);
}

// Country codes of one and two digits (ITU-T E.164 assigned codes, 2016-11); all others have three.
const SHORT_CODES = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** The digits without the country code, which is how HubSpot finds phone numbers. */
function withoutCountry(phone: string | undefined): string | undefined {
  if (phone === undefined) return undefined;
  const digits = phone.replaceAll(/\D/g, '');
  const national = phone.trim().startsWith('+')
    ? digits.replace(SHORT_CODES.test(digits) ? SHORT_CODES : /^\d{3}/, '')
    : digits;
  return national === '' ? undefined : national;
}
