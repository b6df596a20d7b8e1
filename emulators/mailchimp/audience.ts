import { Refused } from '../core/index.ts';
import type { Member } from './member.ts';
import { subscriberHash } from './member.ts';
import type { MergeField, MergeFieldOptions, MergeFieldType } from './merge-values.ts';
import { invalid, notFound } from './problem.ts';

export interface NewMergeField {
  readonly name: string;
  readonly type: MergeFieldType;
  readonly tag?: string | undefined;
  readonly required?: boolean | undefined;
  readonly default_value?: string | undefined;
  readonly public?: boolean | undefined;
  readonly display_order?: number | undefined;
  readonly help_text?: string | undefined;
  readonly options?: MergeFieldOptions | undefined;
}

// "Merge tags are limited to 10 characters": https://mailchimp.com/help/manage-audience-signup-form-fields/, 2026-11.
const TAG = /^[A-Z0-9_]{1,10}$/;
// Words that templates use themselves: https://mailchimp.com/help/all-the-merge-tags-cheat-sheet/, 2026-11.
const RESERVED = new Set(['EMAIL', 'INTERESTS', 'UNSUB', 'FORWARD', 'REWARDS', 'ARCHIVE', 'DATE', 'TO']);

/** What an audience has when it is new. */
const DEFAULT_FIELDS: readonly NewMergeField[] = [
  { tag: 'FNAME', name: 'First Name', type: 'text' },
  { tag: 'LNAME', name: 'Last Name', type: 'text' },
  { tag: 'ADDRESS', name: 'Address', type: 'address' },
  { tag: 'PHONE', name: 'Phone Number', type: 'phone', options: { phone_format: 'International' } },
];

/** An audience; the API says list. */
export class Audience {
  readonly id: string;
  readonly webId: number;
  name: string;
  isDoubleOptIn = false;
  readonly members = new Map<string, Member>();
  readonly mergeFields = new Map<string, MergeField>();
  /** Names of tags with their ids. */
  readonly tagIds = new Map<string, number>();
  /** Hashes of contacts that were deleted for good. */
  readonly forgotten = new Set<string>();
  /** Hashes of addresses that Mailchimp takes as subscribed no more, with or without a contact. */
  readonly inCompliance = new Set<string>();
  readonly createdAt: string;
  #nextMergeId = 1;

  constructor(id: string, name: string, webId: number, createdAt: string) {
    this.id = id;
    this.name = name;
    this.webId = webId;
    this.createdAt = createdAt;
    for (const field of DEFAULT_FIELDS) this.addMergeField(field, Number.POSITIVE_INFINITY);
  }

  /** By the hash, the plain address, or the contact id, as the path of a call may have it. */
  find(key: string): Member | undefined {
    return (
      this.members.get(key.toLowerCase()) ??
      this.members.get(subscriberHash(key)) ??
      [...this.members.values()].find(({ contactId }) => contactId === key)
    );
  }

  member(key: string): Member {
    const found = this.find(key);
    if (found === undefined) throw new Refused(notFound());
    return found;
  }

  mergeField(id: string): MergeField {
    const found = [...this.mergeFields.values()].find(({ merge_id }) => String(merge_id) === id);
    if (found === undefined) throw new Refused(notFound());
    return found;
  }

  /** EMAIL counts against the maximum and is in no list. */
  addMergeField(given: NewMergeField, fieldsMax: number): MergeField {
    const mergeId = this.#nextMergeId;
    const tag = given.tag ?? `MMERGE${String(mergeId)}`;
    if (!TAG.test(tag)) {
      throw new Refused(
        invalid(
          `Merge tag "${tag}" is not valid: at most 10 characters, upper-case letters, digits and underscores.`,
        ),
      );
    }
    if (RESERVED.has(tag)) throw new Refused(invalid(`"${tag}" is a reserved merge tag.`));
    if (this.mergeFields.has(tag)) {
      throw new Refused(invalid(`A Merge Field with the tag "${tag}" already exists for this list.`));
    }
    if (this.mergeFields.size + 1 >= fieldsMax) {
      throw new Refused(
        invalid(`You have reached the maximum of ${String(fieldsMax)} merge fields for this list.`),
      );
    }
    this.#nextMergeId += 1;
    const field: MergeField = {
      merge_id: mergeId,
      tag,
      name: given.name,
      type: given.type,
      required: given.required ?? false,
      default_value: given.default_value ?? '',
      public: given.public ?? false,
      display_order: given.display_order ?? this.mergeFields.size + 2,
      help_text: given.help_text ?? '',
      options: given.options ?? {},
    };
    this.mergeFields.set(tag, field);
    return field;
  }

  /** Puts tags on a member, made when they are new, or takes them off. */
  setTags(member: Member, names: readonly string[], isActive: boolean, now: string): void {
    for (const name of names) {
      if (!isActive) member.tags.delete(name);
      else {
        if (!this.tagIds.has(name)) this.tagIds.set(name, this.tagIds.size + 1);
        if (!member.tags.has(name)) member.tags.set(name, now);
      }
    }
  }
}
