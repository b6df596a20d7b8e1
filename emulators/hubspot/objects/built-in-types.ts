import type { ObjectScopes, ObjectType } from './object-type.ts';
import { ACTIVITY_SCOPES, commerceScopesOf, EMAIL_SCOPES, scopesOf, TICKET_SCOPES } from './object-scopes.ts';

/** One of HubSpot's own objects; ids and names are from the list of object types (developers.hubspot.com, 2026-11). */
interface Row {
  readonly id: string;
  readonly singular: string;
  readonly plural: string;
  readonly scopes: ObjectScopes;
  readonly more?: Partial<ObjectType>;
}

const MODIFIED = ['createdate', 'hs_lastmodifieddate', 'hs_object_id'] as const;

const activity = (required: readonly string[], searchable: readonly string[]): Partial<ObjectType> => ({
  createdProperty: 'hs_createdate',
  required,
  shownByDefault: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
  searchable,
  echoed: ['hs_timestamp'],
});

const shown = (...names: string[]): Partial<ObjectType> => ({ shownByDefault: [...names, ...MODIFIED] });

const own = (name: string): Partial<ObjectType> => ({
  createdProperty: 'hs_createdate',
  searchable: [name],
  shownByDefault: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
});

const ROWS: readonly Row[] = [
  {
    id: '0-1',
    singular: 'contact',
    plural: 'contacts',
    scopes: scopesOf('contacts'),
    more: {
      modifiedProperty: 'lastmodifieddate',
      shownByDefault: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
      searchable: ['firstname', 'lastname', 'email', 'phone', 'company', 'hs_additional_emails'],
    },
  },
  {
    id: '0-2',
    singular: 'company',
    plural: 'companies',
    scopes: scopesOf('companies'),
    more: {
      ...shown('name', 'domain'),
      requiredAny: ['name', 'domain'],
      searchable: ['website', 'phone', 'name', 'domain'],
    },
  },
  {
    id: '0-3',
    singular: 'deal',
    plural: 'deals',
    scopes: scopesOf('deals'),
    more: {
      ...shown('dealname', 'amount', 'closedate', 'pipeline', 'dealstage'),
      requiredOnPaper: ['dealname', 'dealstage', 'pipeline'],
      searchable: ['dealname', 'pipeline', 'dealstage', 'description', 'dealtype'],
    },
  },
  {
    id: '0-5',
    singular: 'ticket',
    plural: 'tickets',
    scopes: TICKET_SCOPES,
    more: {
      ...shown(
        'content',
        'hs_pipeline',
        'hs_pipeline_stage',
        'hs_ticket_category',
        'hs_ticket_priority',
        'subject',
      ),
      requiredOnPaper: ['subject', 'hs_pipeline_stage'],
      searchable: ['subject', 'content', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_ticket_id'],
    },
  },
  {
    id: '0-7',
    singular: 'product',
    plural: 'products',
    scopes: commerceScopesOf('products'),
    more: { ...shown('name', 'price'), searchable: ['name', 'description', 'price', 'hs_sku'] },
  },
  {
    id: '0-8',
    singular: 'line_item',
    plural: 'line_items',
    scopes: commerceScopesOf('line_items'),
    more: {
      ...shown('quantity', 'amount', 'price'),
      searchable: ['name', 'description', 'price', 'quantity', 'amount'],
    },
  },
  {
    id: '0-14',
    singular: 'quote',
    plural: 'quotes',
    scopes: scopesOf('quotes'),
    more: { ...own('hs_title'), requiredOnPaper: ['hs_title', 'hs_expiration_date'] },
  },
  {
    id: '0-18',
    singular: 'communication',
    plural: 'communications',
    scopes: ACTIVITY_SCOPES,
    more: activity(['hs_timestamp', 'hs_communication_channel_type'], ['hs_communication_body']),
  },
  {
    id: '0-19',
    singular: 'feedback_submission',
    plural: 'feedback_submissions',
    scopes: scopesOf('feedback_submissions'),
    more: { ...own('hs_content'), isReadOnly: true },
  },
  {
    id: '0-27',
    singular: 'task',
    plural: 'tasks',
    scopes: ACTIVITY_SCOPES,
    more: activity(['hs_timestamp'], ['hs_task_subject', 'hs_task_body']),
  },
  {
    id: '0-46',
    singular: 'note',
    plural: 'notes',
    scopes: ACTIVITY_SCOPES,
    more: activity(['hs_timestamp'], ['hs_note_body']),
  },
  {
    id: '0-47',
    singular: 'meeting',
    plural: 'meetings',
    scopes: ACTIVITY_SCOPES,
    more: activity(['hs_timestamp'], ['hs_meeting_title', 'hs_meeting_body']),
  },
  {
    id: '0-48',
    singular: 'call',
    plural: 'calls',
    scopes: ACTIVITY_SCOPES,
    more: activity(['hs_timestamp'], ['hs_call_title', 'hs_call_body']),
  },
  {
    id: '0-49',
    singular: 'email',
    plural: 'emails',
    scopes: EMAIL_SCOPES,
    more: activity(['hs_timestamp', 'hs_email_direction'], ['hs_email_subject', 'hs_email_text']),
  },
  {
    id: '0-53',
    singular: 'invoice',
    plural: 'invoices',
    scopes: scopesOf('invoices'),
    more: own('hs_number'),
  },
  {
    id: '0-69',
    singular: 'subscription',
    plural: 'subscriptions',
    scopes: scopesOf('subscriptions'),
    more: own('hs_name'),
  },
  {
    id: '0-74',
    singular: 'goal_target',
    plural: 'goal_targets',
    scopes: scopesOf('goals'),
    more: own('hs_goal_name'),
  },
  {
    id: '0-101',
    singular: 'commerce_payment',
    plural: 'commerce_payments',
    scopes: scopesOf('commercepayments'),
    more: own('hs_reference_number'),
  },
  {
    id: '0-115',
    singular: 'user',
    plural: 'users',
    scopes: scopesOf('users'),
    more: own('hs_email'),
  },
  {
    id: '0-116',
    singular: 'postal_mail',
    plural: 'postal_mails',
    scopes: ACTIVITY_SCOPES,
    more: activity(['hs_timestamp'], ['hs_postal_mail_body']),
  },
  {
    id: '0-123',
    singular: 'order',
    plural: 'orders',
    scopes: scopesOf('orders'),
    more: own('hs_order_name'),
  },
  { id: '0-136', singular: 'lead', plural: 'leads', scopes: scopesOf('leads'), more: own('hs_lead_name') },
  { id: '0-142', singular: 'cart', plural: 'carts', scopes: scopesOf('carts'), more: own('hs_cart_name') },
  {
    id: '0-162',
    singular: 'service',
    plural: 'services',
    scopes: scopesOf('services'),
    more: own('hs_name'),
  },
  {
    id: '0-410',
    singular: 'course',
    plural: 'courses',
    scopes: scopesOf('courses'),
    more: own('hs_course_name'),
  },
  {
    id: '0-420',
    singular: 'listing',
    plural: 'listings',
    scopes: scopesOf('listings'),
    more: own('hs_name'),
  },
  {
    id: '0-421',
    singular: 'appointment',
    plural: 'appointments',
    scopes: scopesOf('appointments'),
    more: own('hs_appointment_name'),
  },
];

export const BUILT_IN_TYPES: readonly ObjectType[] = ROWS.map(({ id, singular, plural, scopes, more }) => ({
  id,
  singular,
  plural,
  messageName: singular.toUpperCase(),
  scopes,
  createdProperty: 'createdate',
  modifiedProperty: 'hs_lastmodifieddate',
  required: [],
  requiredOnPaper: [],
  requiredAny: [],
  shownByDefault: MODIFIED,
  searchable: [],
  echoed: [],
  isReadOnly: false,
  ...more,
}));

/** Every scope that some object asks for. */
export const OBJECT_SCOPES: readonly string[] = [
  ...new Set(BUILT_IN_TYPES.flatMap(({ scopes }) => Object.values(scopes).flat() as string[])),
];
