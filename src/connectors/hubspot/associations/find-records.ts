import { z } from 'zod';
import { isJsonObject } from '../../../kernel/json.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { send, stringField } from '../../../kit/index.ts';
import type { DeliverContext, Steps } from '../../../kit/index.ts';
import { chunksOf } from '../in-halves.ts';
import { pathsOf } from '../paths.ts';
import { findByDomain } from '../records/find-companies.ts';
import type { Wanted } from '../records/read-records.ts';
import { recordOptionsShape } from '../records/record-options.ts';
import { normaliseKey, refKey } from '../records/record-ref.ts';
import type { RecordRef } from '../records/record-ref.ts';
import type { Settings } from '../settings.ts';
import { listOf } from '../vendor-answer.ts';

/** What looking for records needs of an action's context, whatever its options. */
export type FindContext = Pick<DeliverContext<Settings, unknown>, 'settings' | 'cache' | 'nowMs'>;

// HubSpot's cap for batches of objects (developers.hubspot.com, CRM objects, read 2026-11).
const READ_MAX = 100;
// An address can move to another contact, and then a link would go to the one who had it: not for longer than this.
const TTL_MS = 300_000;

/**
 * The record ids behind references, by `refKey`; `undefined` for what HubSpot does not have. A record id stands for
 * itself and is not asked for. One call for 100 references of a type and property; ids found are kept five minutes.
 */
export function* findRecords(
  refs: readonly RecordRef[],
  context: FindContext,
): Steps<ReadonlyMap<string, string | undefined>> {
  const ids = new Map<string, string | undefined>();
  const wanted = new Map<string, Map<string, RecordRef>>();
  for (const ref of refs) {
    const key = refKey(ref);
    const known = ref.by === 'id' ? ref.value : context.cache.get(cacheKey(ref));
    if (typeof known === 'string') ids.set(key, known);
    else {
      ids.set(key, undefined);
      const kind = `${ref.type}:${ref.by}`;
      const group = wanted.get(kind) ?? new Map<string, RecordRef>();
      wanted.set(kind, group.set(key, ref));
    }
  }
  for (const group of wanted.values()) {
    for (const [key, id] of yield* lookUp([...group.values()], context)) ids.set(key, id);
  }
  return ids;
}

/** Takes note of an id that an answer has just told. */
export function rememberRecord(ref: RecordRef, id: string, context: FindContext): void {
  context.cache.set(cacheKey(ref), id, TTL_MS);
}

export function forgetRecord(ref: RecordRef, context: FindContext): void {
  context.cache.delete(cacheKey(ref));
}

function cacheKey(ref: RecordRef): string {
  return `record-id:${refKey(ref)}`;
}

/** References of one type and property. */
function* lookUp(refs: readonly RecordRef[], context: FindContext): Steps<ReadonlyMap<string, string>> {
  const [first] = refs;
  if (first === undefined) return new Map();
  if (first.type === 'companies' && first.by === 'domain') return yield* lookUpCompanies(refs, context);
  const found = new Map<string, string>();
  for (const chunk of chunksOf(refs, READ_MAX)) {
    const ids = idsByValue(yield* read(chunk, context), first.by);
    for (const ref of chunk) {
      const id = ids.get(normaliseKey(ref).value) ?? ids.get(looseForm(ref.value));
      if (id === undefined) continue;
      found.set(refKey(ref), id);
      rememberRecord(ref, id, context);
    }
  }
  return found;
}

const NO_PROPERTIES: Wanted = { names: new Set(), withHistory: new Set() };
// Nothing of what a flow may set for upserts applies to looking; the guard property is the upserts' own.
const NO_OPTIONS = { ...z.strictObject(recordOptionsShape).parse({}), further_domains: true };

/** A domain is no unique property to the API; companies are found by it as upserts find them. */
function* lookUpCompanies(
  refs: readonly RecordRef[],
  context: FindContext,
): Steps<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const recordContext = { ...context, options: NO_OPTIONS, type: 'companies' };
  for (const chunk of chunksOf(refs, READ_MAX)) {
    const domains = new Set(chunk.map((ref) => normaliseKey(ref).value));
    const companies = yield* findByDomain(domains, NO_PROPERTIES, recordContext);
    for (const ref of chunk) {
      const company = companies?.get(normaliseKey(ref).value);
      // Of several companies with a domain the oldest counts, which a search lists first.
      const id = company === undefined ? undefined : 'id' in company ? company.id : company[0];
      if (id === undefined) continue;
      found.set(refKey(ref), id);
      rememberRecord(ref, id, context);
    }
  }
  return found;
}

function* read(refs: readonly RecordRef[], { settings }: FindContext): Steps<readonly unknown[]> {
  const [{ type, by }] = refs as readonly [RecordRef];
  const { body } = yield* send({
    method: 'POST',
    path: `${pathsOf(settings.api_version).objects(type)}/batch/read`,
    body: {
      inputs: refs.map((ref) => ({ id: normaliseKey(ref).value })),
      idProperty: by,
      properties: by === 'email' ? ['email', 'hs_additional_emails'] : [by],
    },
  });
  return listOf(body, 'results');
}

/** Ids by what the records say they are found by. */
function idsByValue(results: readonly unknown[], by: string): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const add = (value: string, id: string): void => {
    for (const form of [value, looseForm(value)]) if (!ids.has(form)) ids.set(form, id);
  };
  const records = results.flatMap((result) => {
    const id = stringField(result, 'id');
    const properties = isJsonObject(result) ? result['properties'] : undefined;
    return id === undefined || !isJsonObject(properties) ? [] : [{ id, properties }];
  });
  for (const { id, properties } of records)
    if (valueOf(properties, by) !== '') add(valueOf(properties, by), id);
  // An address is primary for one contact at most, and then that contact is meant.
  if (by === 'email') {
    for (const { id, properties } of records) {
      for (const other of valueOf(properties, 'hs_additional_emails').split(';')) {
        if (other.trim() !== '') add(other.trim(), id);
      }
    }
  }
  return ids;
}

function valueOf(properties: JsonObject, name: string): string {
  return stringField(properties, name) ?? '';
}

// HubSpot compares unique values without regard to case where it is asked (seen for addresses; assumed for others,
// where the exact spelling is tried first).
function looseForm(value: string): string {
  return value.trim().toLowerCase();
}
