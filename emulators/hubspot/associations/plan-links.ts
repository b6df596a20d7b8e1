import type { Call } from '../call.ts';
import { invalid } from '../errors.ts';
import { isFields, readList, wrongType } from '../input.ts';
import { resolveType } from '../objects/object-types.ts';
import type { PlannedLink } from '../objects/relations.ts';
import { linkChecked, readEnd, readTypes } from './association-call.ts';
import { endMissing } from './association-errors.ts';
import type { AssociationType } from './association-type.ts';

/**
 * The `associations` that come with the creation of a record. They name no object type: the association type
 * tells it, so that of several objects with one id the type decides which is meant.
 */
export function planLinks(call: Call, typeId: string, given: readonly unknown[]): PlannedLink[] {
  const from = resolveType(call.portal, typeId);
  return given.map((entry) => {
    if (!isFields(entry))
      return wrongType(call.request, 'associations', 'PublicAssociationsForObject', entry);
    const toId = readEnd(call, entry, 'to');
    const specs = readList(call.request, entry, 'types') ?? [];
    for (const to of call.portal.types.all()) {
      const types = specs.flatMap((spec) => findTypes(call, { from, to }, spec));
      if (types.length === 0) continue;
      // All types of one entry belong to one pair of objects; the first stranger is refused by name.
      const all = types.length === specs.length ? types : readTypes(call, { from, to }, specs);
      if (call.portal.records(to.id).find(toId) === undefined) throw endMissing(to, toId, 'TO');
      return {
        toTypeId: to.id,
        toId,
        types: all.map(({ category, typeId: id }) => ({ category, typeId: id })),
      };
    }
    // Wording assumed.
    throw invalid(`No association type of ${from.id} is given for the record ${toId}`, {
      types: specs.map((spec) => JSON.stringify(spec)),
    });
  });
}

export function linkPlanned(call: Call, typeId: string, id: string, links: readonly PlannedLink[]): void {
  const from = resolveType(call.portal, typeId);
  for (const link of links) {
    const to = resolveType(call.portal, link.toTypeId);
    const types = link.types.flatMap(
      (type) => call.portal.associations.types.find(from, to, type.category, type.typeId) ?? [],
    );
    linkChecked(call, { from, to }, id, link.toId, types, 'add');
  }
}

function findTypes(
  call: Call,
  { from, to }: Parameters<typeof readTypes>[1],
  spec: unknown,
): AssociationType[] {
  if (!isFields(spec)) return wrongType(call.request, 'types', 'object', spec);
  const { associationCategory, associationTypeId } = spec;
  const found = call.portal.associations.types.find(
    from,
    to,
    String(associationCategory),
    Number(associationTypeId),
  );
  return found === undefined ? [] : [found];
}
