import { expect } from 'vitest';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { Answer } from './hubspot-emulator-api.ts';
import type { ObjectApi } from './hubspot-emulator-object-api.ts';

export interface TypeRow {
  readonly plural: string;
  readonly id: string;
  readonly singular: string;
  /** What a record must have, with a property of text besides. */
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

export const AT = '2026-03-12T10:00:00Z';

const row = (plural: string, id: string, singular: string, text: string, more = {}): TypeRow => ({
  plural,
  id,
  singular,
  text,
  properties: { [text]: 'One', ...more },
});

export const OBJECT_TYPES: readonly TypeRow[] = [
  row('contacts', '0-1', 'contact', 'firstname'),
  row('companies', '0-2', 'company', 'name'),
  row('deals', '0-3', 'deal', 'dealname'),
  row('tickets', '0-5', 'ticket', 'subject'),
  row('products', '0-7', 'product', 'name'),
  row('line_items', '0-8', 'line_item', 'name'),
  row('quotes', '0-14', 'quote', 'hs_title'),
  row('communications', '0-18', 'communication', 'hs_communication_body', {
    hs_timestamp: AT,
    hs_communication_channel_type: 'SMS',
  }),
  row('tasks', '0-27', 'task', 'hs_task_subject', { hs_timestamp: AT }),
  row('notes', '0-46', 'note', 'hs_note_body', { hs_timestamp: AT }),
  row('meetings', '0-47', 'meeting', 'hs_meeting_title', { hs_timestamp: AT }),
  row('calls', '0-48', 'call', 'hs_call_title', { hs_timestamp: AT }),
  row('emails', '0-49', 'email', 'hs_email_subject', { hs_timestamp: AT, hs_email_direction: 'EMAIL' }),
  row('invoices', '0-53', 'invoice', 'hs_comments'),
  row('subscriptions', '0-69', 'subscription', 'hs_name'),
  row('goal_targets', '0-74', 'goal_target', 'hs_goal_name'),
  row('commerce_payments', '0-101', 'commerce_payment', 'hs_reference_number'),
  row('users', '0-115', 'user', 'hs_job_title'),
  row('postal_mails', '0-116', 'postal_mail', 'hs_postal_mail_body', { hs_timestamp: AT }),
  row('orders', '0-123', 'order', 'hs_order_name'),
  row('leads', '0-136', 'lead', 'hs_lead_name'),
  row('carts', '0-142', 'cart', 'hs_cart_name'),
  row('services', '0-162', 'service', 'hs_name'),
  row('courses', '0-410', 'course', 'hs_course_name'),
  row('listings', '0-420', 'listing', 'hs_name'),
  row('appointments', '0-421', 'appointment', 'hs_appointment_name'),
];

export interface Shown {
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

export function shown(answer: Answer): Shown {
  return answer.body as Shown;
}

export async function create(
  api: ObjectApi,
  type: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<Shown> {
  const answer = await api.create(type, properties);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return shown(answer);
}

/** A record's whole life by every call there is, under each name that its type has. */
export async function walkThrough(api: ObjectApi, emulator: HubspotEmulator, type: TypeRow): Promise<void> {
  const { plural, id: typeId, singular, properties, text } = type;
  const made = await create(api, plural, properties);
  expect(made).toMatchObject({
    id: expect.stringMatching(/^\d{12}$/) as unknown,
    archived: false,
    properties: {
      ...properties,
      hs_object_id: made.id,
      hs_object_source: 'INTEGRATION',
      hs_object_source_id: '2000001',
    },
  });
  for (const name of [plural, singular, typeId]) {
    const read = await api.read(name, made.id, { properties: [text] });
    expect(read).toMatchObject({ status: 200, body: { id: made.id, properties: { [text]: 'One' } } });
  }
  const updated = await api.update(singular, made.id, { [text]: 'Two' });
  expect(updated).toMatchObject({ status: 200, body: { properties: { [text]: 'Two' } } });
  const history = await api.read(plural, made.id, { propertiesWithHistory: [text] });
  expect(history.body).toMatchObject({
    propertiesWithHistory: { [text]: [{ value: 'Two', sourceType: 'INTEGRATION' }, { value: 'One' }] },
  });
  const batch = await api.batch(typeId, 'create', {
    inputs: [
      { properties, associations: [] },
      { properties: { ...properties, nonsense: '1' }, associations: [] },
    ],
  });
  expect(batch).toMatchObject({ status: 400, body: { errors: [{ code: 'PROPERTY_DOESNT_EXIST' }] } });
  const more = await api.batch(plural, 'create', { inputs: [{ properties, associations: [] }] });
  expect(more).toMatchObject({ status: 201, body: { results: [{ properties: { [text]: 'One' } }] } });
  const found = await api.search(plural, {
    filterGroups: [{ filters: [{ propertyName: text, operator: 'EQ', value: 'two' }] }],
    properties: [text],
  });
  expect(found.body).toMatchObject({ total: 1, results: [{ id: made.id, properties: { [text]: 'Two' } }] });
  const missing = await api.batch(plural, 'read', {
    inputs: [{ id: made.id }, { id: '1' }],
    properties: [text],
    propertiesWithHistory: [],
  });
  expect(missing.body).toMatchObject({
    results: [{ id: made.id }],
    errors: [
      {
        category: 'OBJECT_NOT_FOUND',
        message: `Could not get some ${singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
      },
    ],
  });
  expect((await api.archive(plural, made.id)).status).toBe(204);
  expect((await api.read(plural, made.id)).status).toBe(404);
  expect((await api.list(plural, { archived: true })).body).toMatchObject({
    results: [{ id: made.id, archived: true, archivedAt: emulator.admin.clock().now }],
  });
  expect((await api.list(plural)).body).toMatchObject({ results: [{ archived: false }] });
}
