import { invalid } from './problem.ts';
import type { Contact, ContactChange, Custom, Status } from './shapes.ts';
import type { Switches } from './switches.ts';

/** The account's fields, and what becomes of a key that is none of them. */
export interface AccountFields {
  readonly fields: Map<string, string>;
  readonly switches: Switches;
  now(): string;
}

/** Writes what is given; what is absent stays. `null` empties. */
export function applyDetails(
  account: AccountFields,
  contact: Contact,
  { first_name, last_name, name, phone, custom, tags }: Omit<ContactChange, 'email'>,
): void {
  const known = knownFields(account, custom ?? {});
  if (first_name !== undefined) contact.first_name = first_name ?? '';
  if (last_name !== undefined) contact.last_name = last_name ?? '';
  if (name !== undefined) {
    const [first = '', ...rest] = (name ?? '').trim().split(/\s+/);
    contact.first_name = first;
    contact.last_name = rest.join(' ');
  }
  if (phone !== undefined) contact.phone = phone ?? '';
  const isReplaced = custom !== undefined && account.switches.customWrites === 'replace';
  contact.custom = isReplaced ? known : { ...contact.custom, ...known };
  if (tags !== undefined) contact.tags = [...new Set(tags)];
}

/** The keys that the account has a field for, after the switch has decided on the others. */
function knownFields(account: AccountFields, custom: Custom): Custom {
  const { fields, switches } = account;
  const unknown = Object.keys(custom).filter((name) => !fields.has(name));
  switch (switches.unknownFields) {
    case 'create':
      for (const name of unknown) fields.set(name, account.now());
      return custom;
    case 'ignore':
      return Object.fromEntries(Object.entries(custom).filter(([name]) => fields.has(name)));
    case 'refuse':
      if (unknown.length > 0) {
        throw invalid(unknown.map((name) => ({ field: `custom.${name}`, message: 'Unknown field.' })));
      }
      return custom;
  }
}

/** Active as long as it is on one list. */
export function statusOf({ isDeleted, lists }: Contact): Status {
  if (isDeleted) return 'd';
  const statuses = [...lists.values()].map(({ status }) => status);
  if (statuses.length === 0 || statuses.includes('a')) return 'a';
  return statuses.includes('b') ? 'b' : 'u';
}

/** `Contact` as the API shows it. */
export function showContact(contact: Contact): object {
  const { email, added, first_name, last_name, phone, custom, tags, lists } = contact;
  return {
    email,
    added,
    first_name,
    last_name,
    name: `${first_name} ${last_name}`.trim(),
    phone,
    custom: { ...custom },
    tags: [...tags],
    status: statusOf(contact),
    list_associations: [...lists].map(([list_id, association]) => ({ list_id, email, ...association })),
  };
}
