/** What HubSpot computes for each kind of record, as recorded from the answers to new ones (2026-03). */
import type { Portal } from '../portal.ts';
import type { ObjectRecord, Values } from './object-record.ts';
import { COMPANIES, CONTACTS, DEALS, TICKETS } from './object-types.ts';
import type { ObjectType } from './object-types.ts';
import { withoutCountry } from './phone-digits.ts';
import { stageOf, stagePropertiesOf } from './stages.ts';

export type Formula = (record: ObjectRecord, portal: Portal) => string | undefined;
type Formulas = Readonly<Record<string, Formula>>;

let last = { at: 0, text: new Date(0).toISOString() };
let before = last;

/** A time as answers write it. A record has two, written twice each, so that the last two are kept. */
export function iso(at: number): string {
  if (last.at === at) return last.text;
  const text = before.at === at ? before.text : new Date(at).toISOString();
  [before, last] = [last, { at, text }];
  return text;
}

const zero: Formula = () => '0';
const yes: Formula = () => 'true';
const value =
  (name: string): Formula =>
  ({ values }) =>
    values[name];
const linked =
  (toTypeId: string): Formula =>
  (record, { associations }) =>
    String(associations.countOf(record.typeId, record.id, toTypeId));
const isInStage =
  (holds: (metadata: Values) => boolean): Formula =>
  (record, portal) =>
    String(holds(stageOf(portal, record)?.metadata ?? {}));
const createdAt: Formula = (record) => iso(record.createdAt);

const SOURCE: Formulas = {
  hs_object_id: (record) => record.id,
  hs_object_source: ({ source }) => source.changeSource,
  hs_object_source_id: ({ source }) => source.sourceId,
  hs_object_source_label: ({ source }) => source.changeSource,
};

const lifecycleSince: Formula = (record) =>
  record.values['lifecyclestage'] === undefined ? undefined : iso(record.stageAt);

/** The same for a stage of a pipeline. */
const stageSince: Formula = (record) =>
  record.values[stagePropertiesOf(record.typeId).stage] === undefined ? undefined : iso(record.stageAt);

const CONTACT: Formulas = {
  hs_all_contact_vids: (record) => record.id,
  hs_email_domain: ({ values }) => values['email']?.split('@')[1],
  hs_full_name_or_email: ({ values }) => fullName(values) ?? values['email'],
  hs_is_contact: yes,
  hs_is_unworked: yes,
  hs_pipeline: () => 'contacts-lifecycle-pipeline',
  hs_searchable_calculated_phone_number: ({ values }) => withoutCountry(values['phone']),
  hs_searchable_calculated_mobile_number: ({ values }) => withoutCountry(values['mobilephone']),
  hs_registered_member: zero,
  num_notes: zero,
  hs_v2_date_entered_current_stage: lifecycleSince,
  hs_v2_time_in_current_stage: lifecycleSince,
  associatedcompanyid: (record, { associations }) => associations.primaryCompanyOf(record),
};

const COMPANY: Formulas = {
  hs_pipeline: () => 'companies-lifecycle-pipeline',
  hs_task_label: value('name'),
  hs_annual_revenue_currency_code: ({ values }) => values['hs_annual_revenue_currency_code'] ?? 'USD',
  num_associated_contacts: linked(CONTACTS),
  num_associated_deals: linked(DEALS),
  hs_num_open_deals: zero,
  hs_num_child_companies: zero,
  hs_num_blockers: zero,
  hs_num_decision_makers: zero,
  hs_num_contacts_with_buying_roles: zero,
  num_notes: zero,
  hs_v2_date_entered_current_stage: lifecycleSince,
  hs_v2_time_in_current_stage: lifecycleSince,
};

const DEAL: Formulas = {
  hs_createdate: createdAt,
  amount_in_home_currency: value('amount'),
  hs_forecast_amount: value('amount'),
  hs_projected_amount: (record, portal) => {
    const probability = Number(stageOf(portal, record)?.metadata['probability'] ?? 0);
    return String(Number(record.values['amount'] ?? 0) * probability);
  },
  hs_is_closed: isInStage(({ isClosed }) => isClosed === 'true'),
  hs_is_closed_won: isInStage(
    ({ isClosed, probability }) => isClosed === 'true' && Number(probability) === 1,
  ),
  hs_is_closed_lost: isInStage(
    ({ isClosed, probability }) => isClosed === 'true' && Number(probability) === 0,
  ),
  hs_v2_date_entered_current_stage: stageSince,
  hs_v2_time_in_current_stage: stageSince,
  num_associated_contacts: linked(CONTACTS),
  num_notes: zero,
  num_contacted_notes: zero,
  hs_num_of_associated_line_items: linked('0-8'),
  hs_num_associated_deal_splits: zero,
};

const TICKET: Formulas = {
  hs_ticket_id: (record) => record.id,
  hs_is_closed: isInStage(({ ticketState }) => ticketState === 'CLOSED'),
  closed_date: (record, portal) =>
    stageOf(portal, record)?.metadata['ticketState'] === 'CLOSED' ? iso(record.stageAt) : undefined,
  hs_v2_date_entered_current_stage: stageSince,
  hs_v2_time_in_current_stage: stageSince,
  hs_is_visible_in_help_desk: yes,
  hs_helpdesk_sort_timestamp: createdAt,
  hs_num_associated_companies: linked(COMPANIES),
  num_notes: zero,
};

const activity = (typeId: string, body: string | undefined): Formulas => ({
  hs_obj_coords: (record) => `${typeId}-${record.id}`,
  hubspot_owner_assigneddate: (record) =>
    record.values['hubspot_owner_id'] === undefined ? undefined : iso(record.createdAt),
  hs_all_owner_ids: value('hubspot_owner_id'),
  ...(body === undefined
    ? {}
    : {
        hs_body_preview: ({ values }) => preview(values[body]),
        hs_body_preview_html: ({ values }) =>
          values[body] === undefined
            ? undefined
            : `<html>\n <head></head>\n <body>${values[body]}</body>\n</html>`,
        hs_body_preview_is_truncated: ({ values }) =>
          values[body] === undefined ? undefined : String(plainText(values[body]).length > PREVIEW_LENGTH),
      }),
});

const TASK: Formulas = {
  ...activity('0-27', 'hs_task_body'),
  hs_task_family: () => 'SALES',
  hs_task_is_completed: ({ values }) => String(values['hs_task_status'] === 'COMPLETED'),
  hs_task_is_completed_count: ({ values }) => (values['hs_task_status'] === 'COMPLETED' ? '1' : '0'),
  hs_task_is_open_count: ({ values }) => (values['hs_task_status'] === 'COMPLETED' ? '0' : '1'),
  hs_task_is_all_day: () => 'false',
  hs_task_is_overdue: isOverdue,
  hs_task_is_past_due_date: isOverdue,
  hs_num_associated_contacts: linked(CONTACTS),
  hs_num_associated_companies: linked(COMPANIES),
};

const LINE_ITEM: Formulas = {
  amount: ({ values }) =>
    values['price'] === undefined
      ? undefined
      : String(Number(values['price']) * Number(values['quantity'] ?? 1) - Number(values['discount'] ?? 0)),
};

const BY_TYPE: Readonly<Record<string, Formulas>> = {
  [CONTACTS]: CONTACT,
  [COMPANIES]: COMPANY,
  [DEALS]: DEAL,
  [TICKETS]: TICKET,
  '0-8': LINE_ITEM,
  '0-18': activity('0-18', 'hs_communication_body'),
  '0-27': TASK,
  '0-46': activity('0-46', 'hs_note_body'),
  '0-47': activity('0-47', 'hs_meeting_body'),
  '0-48': activity('0-48', 'hs_call_body'),
  '0-49': activity('0-49', 'hs_email_text'),
  '0-116': activity('0-116', 'hs_postal_mail_body'),
};

/** The formulas of a type, by the names of their properties. */
export function makeFormulas(type: ObjectType): ReadonlyMap<string, Formula> {
  return new Map(
    Object.entries({
      [type.createdProperty]: createdAt,
      [type.modifiedProperty]: (record: ObjectRecord) => iso(record.updatedAt),
      ...SOURCE,
      ...BY_TYPE[type.id],
    }),
  );
}

// How much of a body the preview holds; the figure is ours, where the recorded bodies were short.
const PREVIEW_LENGTH = 512;

function preview(body: string | undefined): string | undefined {
  return body === undefined ? undefined : plainText(body).slice(0, PREVIEW_LENGTH);
}

function plainText(html: string): string {
  return html.replaceAll(/<[^>]*>/g, '');
}

/** Due before its last change and still open: the emulator's records know no other now. */
function isOverdue({ values, updatedAt }: ObjectRecord): string {
  const dueAt = Date.parse(values['hs_timestamp'] ?? '');
  return String(dueAt < updatedAt && values['hs_task_status'] !== 'COMPLETED');
}

function fullName({ firstname, lastname }: Values): string | undefined {
  return firstname !== undefined && lastname !== undefined
    ? `${firstname} ${lastname}`
    : (firstname ?? lastname);
}
