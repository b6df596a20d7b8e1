import type { Steps } from '../../../kit/index.ts';
import { singularOf } from './object-types.ts';
import type { Draft } from './draft.ts';
import { findByDomain } from './find-companies.ts';
import { placeOf, refuse } from './place.ts';
import type { Place } from './place.ts';
import { readBy } from './read-records.ts';
import type { RecordState, Wanted } from './read-records.ts';
import type { RecordContext } from './record-context.ts';
import type { RecordKey } from './record-ref.ts';

/** What one key leads to; several records for a key that is not unique. */
type Hits = ReadonlyMap<string, RecordState | readonly string[]>;

/**
 * Finds the records that drafts are about, reading one call per kind of key for up to 100 of them. `undefined` when
 * an answer of HubSpot's cannot be read.
 */
export function* locate(
  drafts: readonly Draft[],
  wanted: Wanted,
  context: RecordContext,
): Steps<ReadonlyMap<Draft, Place> | undefined> {
  const kinds = new Map<string, Set<string>>();
  for (const { by, value } of drafts.flatMap(({ keys }) => keys)) {
    kinds.set(by, (kinds.get(by) ?? new Set<string>()).add(value));
  }
  const names = new Set([
    ...wanted.names,
    ...[...kinds.keys()].filter((by) => by !== 'id' && by !== 'domain'),
  ]);
  const hits = new Map<string, Hits>();
  for (const [by, values] of kinds) {
    const found: Hits | undefined =
      by === 'domain'
        ? yield* findByDomain(values, { ...wanted, names }, context)
        : yield* readBy(by, values, { ...wanted, names }, context);
    if (found === undefined) return undefined;
    hits.set(by, found);
  }
  return new Map(drafts.map((draft) => [draft, toPlace(draft, hits, context)]));
}

function toPlace({ keys }: Draft, hits: ReadonlyMap<string, Hits>, context: RecordContext): Place {
  const [first, second] = keys;
  if (first === undefined) throw new TypeError('An input without a key.');
  const found = hits.get(first.by)?.get(first.value);
  if (isSeveral(found)) {
    const ids = found.join(', ');
    return refuse(
      'company_ambiguous',
      `HubSpot has ${String(found.length)} companies of this domain: ${ids}.`,
    );
  }
  if (second !== undefined) {
    const other = hits.get(second.by)?.get(second.value);
    return unite(found, isSeveral(other) ? undefined : other, first, second, context);
  }
  if (found !== undefined) return placeOf(found, guardOf(first, found, context));
  return first.by === 'id' ? missing(context.type) : { kind: 'none' };
}

function missing(type: string): Place {
  return refuse('record_missing', `HubSpot has no ${singularOf(type)} with this record id.`);
}

function isSeveral(hit: RecordState | readonly string[] | undefined): hit is readonly string[] {
  return Array.isArray(hit);
}

/** A company found by search is given the unique property that finds it the next time. */
function guardOf(
  { by, value }: RecordKey,
  found: RecordState,
  context: RecordContext,
): Record<string, string> {
  const guard = context.options.domain_property;
  if (by !== 'domain' || guard === null || guard === undefined) return {};
  return (found.properties[guard] ?? '') === '' ? { [guard]: value } : {};
}

/** The contact of an address and another key, and what to do when HubSpot sees two people in them. */
function unite(
  byEmail: RecordState | undefined,
  byKey: RecordState | undefined,
  email: RecordKey,
  key: RecordKey,
  { options: { merge_by = 'report', new_email = 'keep' } }: RecordContext,
): Place {
  if (byEmail === undefined && byKey === undefined)
    return key.by === 'id' ? missing('contacts') : { kind: 'none' };
  if (byEmail !== undefined && byKey !== undefined && byEmail.id !== byKey.id) {
    switch (merge_by) {
      case 'report':
        return refuse(
          'identity_conflict',
          `The e-mail address belongs to contact ${byEmail.id} and ${key.by} to contact ${byKey.id}.`,
        );
      case 'email':
        return placeOf(byEmail, {}, `${key.by} belongs to contact ${byKey.id}, which is left alone.`);
      case 'key':
        return placeOf(
          byKey,
          {},
          `The e-mail address belongs to contact ${byEmail.id}, which is left alone.`,
        );
      case 'merge':
        return { kind: 'two', survivor: byEmail, other: byKey };
    }
  }
  if (byEmail === undefined && byKey !== undefined) {
    const isNew = byKey.email === '' || new_email === 'replace';
    return isNew
      ? placeOf(byKey, { email: email.value })
      : placeOf(byKey, {}, 'The contact has another primary e-mail address, which stays.');
  }
  const record = byEmail ?? byKey;
  if (record === undefined) return { kind: 'none' };
  if (key.by === 'id') {
    return record.id === key.value ? placeOf(record) : conflicting(record, key, merge_by);
  }
  const held = record.properties[key.by] ?? '';
  if (held === '') return placeOf(record, { [key.by]: key.value });
  return held.toLowerCase() === key.value.toLowerCase()
    ? placeOf(record)
    : conflicting(record, key, merge_by);
}

/** The address belongs to a contact that has another value of the key: perhaps another person. */
function conflicting(record: RecordState, key: RecordKey, merge_by: string): Place {
  return merge_by === 'report'
    ? refuse(
        'identity_conflict',
        `The e-mail address belongs to contact ${record.id}, which has another ${key.by}.`,
      )
    : placeOf(record, {}, `The contact of the e-mail address has another ${key.by}, which stays.`);
}
