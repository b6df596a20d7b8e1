/** The properties and groups of each object in a fresh account. */
import type { Property, PropertyGroup } from '../property.ts';
import { ACTIVITY_DEFINITIONS } from './activities.ts';
import { COMMERCE_DEFINITIONS } from './commerce.ts';
import { COMPANY_DEFINITIONS } from './companies.ts';
import { CONTACT_DEFINITIONS } from './contacts.ts';
import { DEAL_DEFINITIONS } from './deals.ts';
import { CUSTOM_DEFINITIONS, OTHER_DEFINITIONS } from './other-objects.ts';
import { groupsOf, propertiesOf } from './rows.ts';
import type { Definitions } from './rows.ts';
import { TICKET_DEFINITIONS } from './tickets.ts';

interface Defaults {
  readonly groups: readonly PropertyGroup[];
  readonly properties: readonly Property[];
}

const BY_TYPE: Readonly<Record<string, Definitions>> = {
  '0-1': CONTACT_DEFINITIONS,
  '0-2': COMPANY_DEFINITIONS,
  '0-3': DEAL_DEFINITIONS,
  '0-5': TICKET_DEFINITIONS,
  ...ACTIVITY_DEFINITIONS,
  ...COMMERCE_DEFINITIONS,
  ...OTHER_DEFINITIONS,
};

// Definitions are never changed in place, so that all accounts share them.
const made = new Map<Definitions, Defaults>();

export function defaultsOf(typeId: string): Defaults {
  const definitions = BY_TYPE[typeId] ?? CUSTOM_DEFINITIONS;
  const known = made.get(definitions);
  if (known !== undefined) return known;
  const defaults = { groups: groupsOf(definitions), properties: propertiesOf(definitions) };
  made.set(definitions, defaults);
  return defaults;
}
