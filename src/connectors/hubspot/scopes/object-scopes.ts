import { isStandard } from '../records/object-types.ts';

/** What can be done with the records of an object type, and with its properties. */
export type Access = 'read' | 'write' | 'readSchema' | 'writeSchema';

// HubSpot counts activities as contacts (scopes of its published specifications, read 2026-11).
const ACTIVITIES = new Set([
  'notes',
  'calls',
  'emails',
  'meetings',
  'tasks',
  'communications',
  'postal_mail',
]);

// Where the list of properties has a scope of its own. Elsewhere the scope that reads records opens it, and asking for
// one that HubSpot does not have would end a login on an error page (same place).
const WITH_SCHEMA_TO_READ = new Set(['contacts', 'companies', 'deals', 'custom']);

/** The scopes for an object type, by its plural name; undefined for a type id that is not known here. */
export function objectScopes(type: string, accesses: readonly Access[]): readonly string[] | undefined {
  const family = familyOf(type);
  if (family === undefined) return undefined;
  return accesses.flatMap((access) => {
    switch (access) {
      case 'read':
      case 'write':
        return [`crm.objects.${family}.${access}`];
      case 'readSchema':
        return WITH_SCHEMA_TO_READ.has(family) ? [`crm.schemas.${family}.read`] : [];
      case 'writeSchema':
        return [`crm.schemas.${family}.write`];
    }
  });
}

function familyOf(type: string): string | undefined {
  if (ACTIVITIES.has(type)) return 'contacts';
  if (isStandard(type)) return type;
  // HubSpot's own type ids begin so; whatever else is no standard object has been made in the account.
  return type.startsWith('0-') ? undefined : 'custom';
}

// Older scopes that open whole objects, which tokens made before the finer ones still have (same place).
const OLDER: readonly (readonly [names: RegExp, older: string])[] = [
  [/^crm\.(objects|schemas)\.tickets\./, 'tickets'],
  [/^crm\.(objects|schemas)\.(products|line_items)\./, 'e-commerce'],
];

/** Whether a token with these scopes may do what a scope is for. */
export function isGranted(scope: string, granted: readonly string[]): boolean {
  return (
    granted.includes(scope) || OLDER.some(([names, older]) => names.test(scope) && granted.includes(older))
  );
}
