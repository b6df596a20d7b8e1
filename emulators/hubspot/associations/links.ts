import type { AssociationType } from './association-type.ts';

/** A record, as one end of a link. */
export interface End {
  readonly typeId: string;
  readonly id: string;
}

/** The association types of one link in one direction; links of the same kinds share one list. */
export type LinkTypes = readonly AssociationType[];

const NONE: LinkTypes = [];

/**
 * Which records are linked and how, by pair of object types and by record, one direction at a time. Whoever
 * writes here writes both directions.
 */
export class Links {
  readonly #byPair = new Map<string, Map<string, Map<string, LinkTypes>>>();
  readonly #shared = new Map<string, LinkTypes>();

  get(from: End, to: End): LinkTypes {
    return this.from(from, to.typeId)?.get(to.id) ?? NONE;
  }

  /** The links of a record with records of one type, by id. */
  from(from: End, toTypeId: string): ReadonlyMap<string, LinkTypes> | undefined {
    return this.#byPair.get(`${from.typeId}>${toTypeId}`)?.get(from.id);
  }

  /** No types at all unlinks. */
  set(from: End, to: End, types: LinkTypes): void {
    const pair = `${from.typeId}>${to.typeId}`;
    const records = this.#byPair.get(pair) ?? new Map<string, Map<string, LinkTypes>>();
    this.#byPair.set(pair, records);
    const links = records.get(from.id) ?? new Map<string, LinkTypes>();
    if (types.length === 0) links.delete(to.id);
    else links.set(to.id, this.#share(types));
    if (links.size === 0) records.delete(from.id);
    else records.set(from.id, links);
  }

  /** Every link of a record. */
  of(from: End): { readonly to: End; readonly types: LinkTypes }[] {
    const found: { readonly to: End; readonly types: LinkTypes }[] = [];
    for (const [pair, records] of this.#byPair) {
      const [fromTypeId, toTypeId = ''] = pair.split('>');
      if (fromTypeId !== from.typeId) continue;
      for (const [id, types] of records.get(from.id) ?? [])
        found.push({ to: { typeId: toTypeId, id }, types });
    }
    return found;
  }

  /** Every link that has a type, seen from where the type starts. */
  *having(
    type: AssociationType,
  ): Generator<{ readonly from: End; readonly to: End; readonly types: LinkTypes }> {
    for (const [id, links] of this.#byPair.get(`${type.from}>${type.to}`) ?? []) {
      for (const [toId, types] of links) {
        if (!types.includes(type)) continue;
        yield { from: { typeId: type.from, id }, to: { typeId: type.to, id: toId }, types };
      }
    }
  }

  #share(types: LinkTypes): LinkTypes {
    const key = types
      .map(({ category, typeId, from, to }) => `${category}:${typeId}:${from}:${to}`)
      .join(' ');
    const known = this.#shared.get(key);
    // A label that was deleted and another one made since cannot meet here: ids are never used again.
    if (known !== undefined) return known;
    this.#shared.set(key, types);
    return types;
  }
}
