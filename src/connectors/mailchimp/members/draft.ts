import type { JsonObject, JsonValue } from '../../../kernel/json.ts';
import type { Item } from '../../../kit/index.ts';
import type { FieldCatalogue } from '../fields/catalogue.ts';
import { toMergeValue } from '../fields/merge-value.ts';
import type { MemberInput } from './member-input.ts';

/** One contact as it will be written. */
export interface Draft {
  readonly item: Item<MemberInput>;
  readonly list: string;
  readonly mergeFields: JsonObject;
  /** False when a field was left out: the contact is not as it should be, and every delivery says so. */
  readonly isWhole: boolean;
  readonly notes: readonly string[];
}

/** Leaves out what the audience cannot take, and says so: it costs the field and not the contact. */
export function toDraft(item: Item<MemberInput>, list: string, { fields, refusals }: FieldCatalogue): Draft {
  const mergeFields: Record<string, JsonValue> = {};
  const notes: string[] = [];
  let isWhole = true;
  for (const [tag, given] of Object.entries(item.input.merge_fields)) {
    const field = fields.get(tag);
    const value =
      field === undefined
        ? { unfit: refusals.get(tag) ?? 'the audience has no such merge field' }
        : toMergeValue(field, given);
    if ('unfit' in value) {
      isWhole = false;
      notes.push(`${tag} was left out: ${value.unfit}.`);
    } else {
      mergeFields[tag] = value.value;
      if (value.note !== undefined) notes.push(`${tag} was ${value.note}.`);
    }
  }
  return { item, list, mergeFields, isWhole, notes };
}

/** Without the fields that Mailchimp refused although they looked right. */
export function withoutFields(draft: Draft, tags: readonly string[]): Draft {
  const kept = Object.entries(draft.mergeFields).filter(([tag]) => !tags.includes(tag));
  const notes = tags.map((tag) => `${tag} was left out: Mailchimp refused the value.`);
  return {
    ...draft,
    mergeFields: Object.fromEntries(kept),
    isWhole: false,
    notes: [...draft.notes, ...notes],
  };
}
