/**
 * What is still to be written so that a contact is as wanted; nothing when it is. Pure: asked again after each write
 * with what was read since, so that it ends where the account agrees.
 */
import type { JsonObject } from '../../kernel/json.ts';
import { tagDifference } from '../../subscribers/index.ts';
import { ACTIVE, statusOn } from './contact.ts';
import type { Contact } from './contact.ts';
import type { ContactInput } from './contact-input.ts';

export interface Write {
  /** `subscribe` puts on the list and changes the contact; `change` leaves every list alone. */
  readonly kind: 'subscribe' | 'change';
  /** Account fields, apart because some accounts refuse them. */
  readonly fields: JsonObject;
  readonly details: JsonObject;
  readonly hasTags: boolean;
}

/** `part` is `tags` where names and fields were written before: what was not kept then will not be now. */
export function nextWrite(
  input: ContactInput,
  listId: string,
  contact: Contact | undefined,
  part: 'all' | 'tags',
): Write | undefined {
  const fields = part === 'all' ? changedFields(input, contact) : {};
  const details = part === 'all' ? emptyDetails(input, contact) : {};
  const tags = changedTags(input, contact);
  const status = contact === undefined ? undefined : statusOn(contact, listId);
  // Who left every list has asked for no mail: another list would be mail again.
  const isToJoin = status === undefined && (contact?.status ?? ACTIVE) === ACTIVE;
  const isChanged = Object.keys({ ...details, ...fields }).length > 0 || tags !== undefined;
  if (!isToJoin && !isChanged) return undefined;
  // Additions go by the list where that is possible: should Mailmojo add the tags of a subscription to those that are
  // there, nothing that others put on meanwhile can be lost; should it replace them, both ways are the same. Which of
  // the two holds is not documented (2026-11). Taking tags off needs a change.
  const mayAddByList = status === ACTIVE && tags?.isAddition === true;
  return {
    kind: isToJoin || mayAddByList ? 'subscribe' : 'change',
    fields,
    details: { ...details, ...(tags === undefined ? {} : { tags: tags.all }) },
    hasTags: tags !== undefined,
  };
}

function emptyDetails(input: ContactInput, contact: Contact | undefined): JsonObject {
  const names = ['first_name', 'last_name', 'phone'] as const;
  return Object.fromEntries(
    names.flatMap((name): [string, string][] => {
      const value = input[name];
      return value === undefined || (contact !== undefined && contact[name] !== '') ? [] : [[name, value]];
    }),
  );
}

/**
 * With those that the contact has: whether a write merges `custom` key by key or replaces it is not documented (2026-11),
 * and sent whole both come to the same.
 */
function changedFields({ fields }: ContactInput, contact: Contact | undefined): JsonObject {
  const current = contact?.custom ?? {};
  const isSame = (name: string, value: string): boolean =>
    Object.hasOwn(current, name) && asText(current[name]) === value;
  const isChanged = Object.entries(fields).some(([name, value]) => !isSame(name, value));
  return isChanged ? { ...current, ...fields } : {};
}

/** A field may come back as a number or a flag, depending on how the account has it. */
function asText(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

interface ChangedTags {
  /** Everything that the contact is to carry: Mailmojo takes whole lists of tags. */
  readonly all: readonly string[];
  readonly isAddition: boolean;
}

function changedTags({ tags }: ContactInput, contact: Contact | undefined): ChangedTags | undefined {
  if (tags === undefined) return undefined;
  const current = contact?.tags ?? [];
  const { add, remove } = tagDifference(current, tags.set, tags.keep);
  if (add.length === 0 && remove.length === 0) return undefined;
  const stay = current.filter((tag) => !remove.includes(tag));
  return { all: [...stay, ...add], isAddition: remove.length === 0 };
}
