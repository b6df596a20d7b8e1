import { Refused } from '../../core/index.ts';
import type { Call } from '../call.ts';
import { invalid, missingScopes } from '../errors.ts';
import { isFields, readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { ObjectType } from '../objects/object-types.ts';
import {
  endMissing,
  linkedWithItself,
  pairUndefined,
  tooManyLinks,
  typeUnknown,
} from './association-errors.ts';
import type { AssociationType } from './association-type.ts';
import type { LinkedBy } from './associations.ts';
import type { LinkTypes } from './links.ts';

/** The two object types that a call is about. */
export interface Pair {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

/** Reads `:from` and `:to` of the path; the token needs a scope for each. */
export function pairOf(call: Call, access: 'read' | 'write'): Pair {
  const { portal, request, token } = call;
  const from = resolveType(portal, request.param('from'));
  const to = resolveType(portal, request.param('to'));
  const missing = [from, to].filter(({ scopes }) => !scopes[access].some((scope) => token.scopes.has(scope)));
  if (missing.length > 0) {
    throw new Refused(
      missingScopes([...new Set(missing.flatMap(({ scopes }) => scopes[access].slice(0, 1)))]),
    );
  }
  return { from, to };
}

/** Both records exist, or the refusal that names the one that does not. */
export function requireEnds(call: Call, { from, to }: Pair, fromId: string, toId: string): void {
  if (call.portal.records(from.id).find(fromId) === undefined) throw endMissing(from, fromId, 'FROM');
  if (call.portal.records(to.id).find(toId) === undefined) throw endMissing(to, toId, 'TO');
  if (from.id === to.id && fromId === toId) throw linkedWithItself(from, fromId);
}

/** The types of `[{associationCategory, associationTypeId}]`, at least one. */
export function readTypes(call: Call, pair: Pair, given: readonly unknown[]): AssociationType[] {
  if (given.length === 0) throw invalid('At least one association type must be given');
  return given.map((spec) => {
    if (!isFields(spec)) return wrongType(call.request, 'types', 'object', spec);
    const category = readText(call.request, spec, 'associationCategory');
    const typeId = readText(call.request, spec, 'associationTypeId');
    return findType(call, pair, category, typeId, ['associationCategory', 'associationTypeId']);
  });
}

export function findType(
  call: Call,
  { from, to }: Pair,
  category: string | undefined,
  typeId: string | undefined,
  names: readonly [category: string, typeId: string],
): AssociationType {
  const missing = names.filter((_name, index) => [category, typeId][index] === undefined);
  if (category === undefined || typeId === undefined) {
    throw invalid(`Some required fields were not set: [${missing.join(', ')}]`);
  }
  const type = call.portal.associations.types.find(from, to, category, Number(typeId));
  if (type === undefined) throw typeUnknown(from, to, category, typeId);
  return type;
}

/** The plain association of a pair, which a schema has to allow where a custom object takes part. */
export function requirePlain(call: Call, { from, to }: Pair): AssociationType {
  const plain = call.portal.associations.types.plain(from, to);
  if (plain === undefined) throw pairUndefined(from, to);
  return plain;
}

/** Links two records that exist, unless the account has set a lower limit. */
export function linkChecked(
  call: Call,
  { from, to }: Pair,
  fromId: string,
  toId: string,
  types: LinkTypes,
  mode: 'add' | 'replace',
): void {
  const { associations } = call.portal;
  const ends = [
    { typeId: from.id, id: fromId },
    { typeId: to.id, id: toId },
  ] as const;
  const plain = requirePlain(call, { from, to });
  const full = associations.exceeded(...ends, [plain, ...types]);
  if (full !== undefined) throw tooManyLinks(full, associations.maxima.get(full) ?? 0);
  if (mode === 'add') associations.link(...ends, types, linkedBy(call));
  else associations.relink(...ends, types, linkedBy(call));
}

export function linkedBy({ now, token, switches, source }: Call): LinkedBy {
  return {
    at: now,
    source: source ?? { changeSource: 'INTEGRATION', sourceId: String(token.appId) },
    isFirstPrimary: switches.firstCompanyIsPrimary,
  };
}

/** The id of `{"from": {"id": …}}`. */
export function readEnd(call: Call, input: Fields, key: 'from' | 'to'): string {
  const end = input[key];
  if (end === undefined || end === null) throw invalid(`Some required fields were not set: [${key}]`);
  if (!isFields(end)) return wrongType(call.request, key, 'PublicObjectId', end);
  const id = readText(call.request, end, 'id');
  if (id === undefined || id === '') throw invalid('Some required fields were not set: [id]');
  return id;
}

/** How ids of records travel in answers. */
export function showId(call: Call, id: string): string | number {
  return call.switches.associationIds === 'number' ? Number(id) : id;
}

export function showTypes(types: LinkTypes): Record<string, unknown>[] {
  return types.map(({ category, typeId, label }) => ({ category, typeId, label }));
}
