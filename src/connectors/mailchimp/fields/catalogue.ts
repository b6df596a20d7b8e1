import type { Outcome } from '../../../kernel/outcome.ts';
import { alone, send, stringField } from '../../../kit/index.ts';
import type { ConnectionCache, Steps } from '../../../kit/index.ts';
import { mergeFieldShape, mergeFieldsShape } from '../api.ts';
import type { ApiMergeField } from '../api.ts';
import { listPath } from '../paths.ts';
import { unexpected } from '../vendor-error.ts';
import type { MergeFieldDefinition } from './definition.ts';

/** The merge fields of an audience by tag, and why some could not be made. */
export interface FieldCatalogue {
  readonly fields: Map<string, ApiMergeField>;
  readonly refusals: Map<string, string>;
}

/** "30 merge fields, 80 with Premium", EMAIL counted: https://mailchimp.com/help/merge-field-limits/, read 2026-11. */
export const FIELDS_MAX = { ordinary: 30, premium: 80 } as const;

// A field that the owner of the audience makes or deletes is noticed within five minutes.
const TTL_MS = 300_000;

interface Fields {
  readonly ensure: readonly MergeFieldDefinition[];
  readonly cache: ConnectionCache;
}

/** Reads the fields, and makes those of `ensure` that `tags` name and the audience lacks. */
export function* ensureFields(
  list: string,
  tags: ReadonlySet<string>,
  fields: Fields,
): Steps<FieldCatalogue | Outcome> {
  const known = cachedFields(list, fields);
  const isWhole = known !== undefined && missingFields(known, tags, fields).length === 0;
  return isWhole ? known : yield* alone(keyOf(list), () => completeFields(list, tags, fields));
}

function keyOf(list: string): string {
  return `merge-fields:${list}`;
}

function cachedFields(list: string, { cache }: Fields): FieldCatalogue | undefined {
  // Only this module writes under these keys.
  return cache.get(keyOf(list)) as FieldCatalogue | undefined;
}

function missingFields(
  { fields, refusals }: FieldCatalogue,
  tags: ReadonlySet<string>,
  { ensure }: Fields,
): readonly MergeFieldDefinition[] {
  return ensure.filter(({ tag }) => tags.has(tag) && !fields.has(tag) && !refusals.has(tag));
}

function* completeFields(
  list: string,
  tags: ReadonlySet<string>,
  wanted: Fields,
): Steps<FieldCatalogue | Outcome> {
  const { cache } = wanted;
  let catalogue = cachedFields(list, wanted);
  if (catalogue === undefined) {
    const fields = yield* readFields(list);
    if (fields === undefined) return unexpected('merge fields');
    catalogue = { fields, refusals: new Map() };
    cache.set(keyOf(list), catalogue, TTL_MS);
  }
  for (const definition of missingFields(catalogue, tags, wanted)) {
    const trouble = yield* createField(list, definition, catalogue);
    if (trouble === undefined) continue;
    // It may have been made: the next reading tells.
    cache.delete(keyOf(list));
    return trouble;
  }
  return catalogue;
}

/** By tag; `undefined` when the answer is none. */
export function* readFields(list: string): Steps<Map<string, ApiMergeField> | undefined> {
  const { body } = yield* send({
    method: 'GET',
    path: `${listPath(list)}/merge-fields`,
    // Without `count` only ten come.
    query: { count: '1000', fields: 'merge_fields.tag,merge_fields.type,merge_fields.options' },
  });
  const parsed = mergeFieldsShape.safeParse(body);
  return parsed.success ? new Map(parsed.data.merge_fields.map((field) => [field.tag, field])) : undefined;
}

/** A field that Mailchimp does not make costs its values and not the contact. */
function* createField(
  list: string,
  { tag, name, type }: MergeFieldDefinition,
  { fields, refusals }: FieldCatalogue,
): Steps<Outcome | undefined> {
  const response = yield* send({
    method: 'POST',
    path: `${listPath(list)}/merge-fields`,
    body: {
      tag,
      name,
      type,
      public: false,
      // The other format takes ten digits of the United States only.
      ...(type === 'phone' ? { options: { phone_format: 'International' } } : {}),
    },
    accept: [400],
  });
  if (response.status === 400) {
    // Another worker was first.
    const isTaken = (stringField(response.body, 'detail') ?? '').includes('already exists');
    if (isTaken) fields.set(tag, { tag, type });
    else refusals.set(tag, refusalText(fields.size));
    return undefined;
  }
  const created = mergeFieldShape.safeParse(response.body);
  if (!created.success) return unexpected('a new merge field');
  fields.set(tag, created.data);
  return undefined;
}

/** The vendor's wording is not documented, so that the number of fields tells whether the quota is the reason. */
function refusalText(fieldCount: number): string {
  const { ordinary, premium } = FIELDS_MAX;
  const count = fieldCount + 1;
  return count < ordinary
    ? 'Mailchimp refused to make it'
    : `the audience has ${String(count)} merge fields with EMAIL, and Mailchimp allows ${String(ordinary)}, or ${String(premium)} with Premium`;
}
