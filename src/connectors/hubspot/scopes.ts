/**
 * The scopes that each action needs, as HubSpot's specifications name them (read 2026-11). `upsert-object` depends on
 * the type of the objects, which stands in a flow's mapping: the scopes of its type are added at the login.
 */
const CONTACTS = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
] as const;
const COMPANIES = [
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.schemas.companies.read',
  'crm.schemas.companies.write',
] as const;
const LISTS = ['crm.lists.read', 'crm.lists.write', 'crm.objects.contacts.read'] as const;

/** Of actions by their ids. */
export const SCOPES_OF_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'upsert-contact': CONTACTS,
  'upsert-company': COMPANIES,
  'upsert-object': [],
  associate: ['crm.objects.contacts.read', 'crm.objects.contacts.write', ...COMPANIES.slice(0, 2)],
  // What an event says of its contact is written to it.
  'send-event': [
    'analytics.behavioral_events.send',
    'behavioral_events.event_definitions.read_write',
    ...CONTACTS.slice(0, 3),
  ],
  'add-to-list': LISTS,
  'remove-from-list': LISTS,
  // HubSpot counts activities as contacts; the last of the four is for the property that holds the key.
  'create-engagement': CONTACTS,
  'submit-form': ['forms'],
  'delete-contact': ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
};

// Every app has it, and every install must ask for it.
const BASE = 'oauth';

/** Each scope that these actions need, with the actions that need it. */
export function scopesOf(actions: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>([[BASE, actions]]);
  for (const action of actions) {
    for (const scope of SCOPES_OF_ACTIONS[action] ?? []) {
      needs.set(scope, [...(needs.get(scope) ?? []), action]);
    }
  }
  return needs;
}
