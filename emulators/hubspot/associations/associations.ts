import type { ChangeFeed, ChangeSource } from '../objects/change-feed.ts';
import { COMPANIES } from '../objects/object-types.ts';
import type { AssociationType } from './association-type.ts';
import { AssociationTypes } from './association-types.ts';
import { Links } from './links.ts';
import type { End, LinkTypes } from './links.ts';

/** Who links, when, and by which of the rules that differ. */
export interface LinkedBy {
  readonly at: number;
  readonly source: ChangeSource;
  /** Whether a record's first company becomes its primary one by itself. */
  readonly isFirstPrimary: boolean;
}

/**
 * The associations of an account. A link holds in both directions; a labelled pair has the plain association
 * too; a contact, deal or ticket has one primary company at most.
 */
export class Associations {
  readonly types = new AssociationTypes();
  /** How many records a record may be linked with by a type, where the account set a limit. */
  readonly maxima = new Map<AssociationType, number>();
  readonly #links = new Links();
  readonly #changes: ChangeFeed;

  constructor(changes: ChangeFeed) {
    this.#changes = changes;
  }

  idsOf(typeId: string, id: string, toTypeId: string): readonly string[] {
    return this.list({ typeId, id }, toTypeId).map(([toId]) => toId);
  }

  countOf(typeId: string, id: string, toTypeId: string): number {
    return this.#links.from({ typeId, id }, toTypeId)?.size ?? 0;
  }

  /** A labelled pair once for each of its types, as reads of records and the legacy API have it. */
  shownOf(
    typeId: string,
    id: string,
    toTypeId: string,
  ): readonly { readonly id: string; readonly type: string }[] {
    return this.list({ typeId, id }, toTypeId).flatMap(([toId, types]) =>
      types.map(({ name }) => ({ id: toId, type: name })),
    );
  }

  /** Linked records of one type by ascending id. */
  list(from: End, toTypeId: string): readonly (readonly [toId: string, types: LinkTypes])[] {
    const links = this.#links.from(from, toTypeId);
    return links === undefined ? [] : [...links].toSorted(([a], [b]) => Number(a) - Number(b));
  }

  typesOf(from: End, to: End): LinkTypes {
    return this.#links.get(from, to);
  }

  /** The primary company of a contact, deal or ticket. */
  primaryCompanyOf(from: End): string | undefined {
    for (const [id, types] of this.#links.from(from, COMPANIES) ?? []) {
      if (types.some(({ isPrimary }) => isPrimary)) return id;
    }
    return undefined;
  }

  /** The type, if any, of which a further link would be one too many, on either side. */
  exceeded(from: End, to: End, types: LinkTypes): AssociationType | undefined {
    const isFull = (one: End, other: End, type: AssociationType): boolean => {
      const max = this.maxima.get(type);
      if (max === undefined || this.#links.get(one, other).includes(type)) return false;
      const links = this.#links.from(one, other.typeId)?.values() ?? [];
      return [...links].filter((held) => held.includes(type)).length >= max;
    };
    return types.find((type) => isFull(from, to, type) || isFull(to, from, this.types.inverseOf(type)));
  }

  /** Links, or adds labels to a link. */
  link(from: End, to: End, given: LinkTypes, by: LinkedBy): void {
    this.#give(from, to, [...this.#links.get(from, to), ...given], by);
  }

  /** Links with exactly these labels: those the link had before are gone. */
  relink(from: End, to: End, given: LinkTypes, by: LinkedBy): void {
    this.#give(from, to, given, by);
  }

  unlink(from: End, to: End, by: LinkedBy): void {
    this.#write(from, to, [], by);
  }

  /** Takes labels away. Without its plain association a pair is unlinked. */
  unlabel(from: End, to: End, given: LinkTypes, by: LinkedBy): void {
    const held = this.#links.get(from, to);
    const isUnlinked = given.some(({ label }) => label === null);
    this.#write(from, to, isUnlinked ? [] : held.filter((type) => !given.includes(type)), by);
  }

  isUsed(type: AssociationType): boolean {
    return this.#links.having(type).next().done !== true;
  }

  /** A label is deleted: its links stay, without it. */
  removeLabel(type: AssociationType, by: LinkedBy): void {
    for (const { from, to } of this.#links.having(type)) this.unlabel(from, to, [type], by);
    this.maxima.delete(type);
    this.maxima.delete(this.types.inverseOf(type));
    this.types.remove(type);
  }

  /** A record is gone, and all its links with it. The deletion itself is news enough for listeners. */
  drop(typeId: string, id: string): void {
    const end = { typeId, id };
    for (const { to } of this.#links.of(end)) {
      this.#links.set(end, to, []);
      this.#links.set(to, end, []);
    }
  }

  /** A merge: the links of one record become another's. The survivor keeps its own primary company. */
  move(typeId: string, fromId: string, toId: string): void {
    const survivor = { typeId, id: toId };
    const hasPrimary = typeId !== COMPANIES && this.primaryCompanyOf(survivor) !== undefined;
    for (const { to, types } of this.#links.of({ typeId, id: fromId })) {
      if (to.typeId === typeId && to.id === toId) continue;
      const moved = types.filter(({ isPrimary }) => !(isPrimary && hasPrimary));
      this.#set(survivor, to, [...this.#links.get(survivor, to), ...moved]);
    }
    this.drop(typeId, fromId);
  }

  #give(from: End, to: End, given: LinkTypes, by: LinkedBy): void {
    const known = this.types.known(from.typeId, to.typeId);
    const plain = known.filter(({ label }) => label === null);
    const primary = known.find(({ isPrimary }) => isPrimary);
    const types = new Set([...plain, ...given]);
    if (primary !== undefined) {
      const [owner, company] = from.typeId === COMPANIES ? [to, from] : [from, to];
      const holder = this.primaryCompanyOf(owner);
      if (by.isFirstPrimary && (holder === undefined || holder === company.id)) types.add(primary);
      if (types.has(primary) && holder !== undefined && holder !== company.id) {
        const before = { typeId: COMPANIES, id: holder };
        const rest = this.#links.get(owner, before).filter(({ isPrimary }) => !isPrimary);
        this.#write(owner, before, rest, by);
      }
    }
    this.#write(from, to, [...types], by);
  }

  #write(from: End, to: End, types: LinkTypes, by: LinkedBy): void {
    const before = this.#links.get(from, to);
    this.#set(from, to, types);
    if (!this.#changes.isHeard) return;
    for (const type of types) if (!before.includes(type)) this.#tell(from, to, type, false, by);
    for (const type of before) if (!types.includes(type)) this.#tell(from, to, type, true, by);
  }

  #set(from: End, to: End, types: LinkTypes): void {
    const all = [...new Set(types)];
    this.#links.set(from, to, all);
    this.#links.set(to, from, [...new Set(all.map((type) => this.types.inverseOf(type)))]);
  }

  /** Each direction is told; so is a primary company beside its plain association. Labels are no news (assumed). */
  #tell(from: End, to: End, type: AssociationType, associationRemoved: boolean, by: LinkedBy): void {
    if (type.label !== null && !type.isPrimary) return;
    const inverse = this.types.inverseOf(type);
    for (const [one, other, told] of [
      [from, to, type],
      [to, from, inverse],
    ] as const) {
      this.#changes.emit({
        kind: 'associationChange',
        typeId: one.typeId,
        objectId: one.id,
        at: by.at,
        source: by.source,
        associationType: told.pairName,
        fromObjectId: one.id,
        toTypeId: other.typeId,
        toObjectId: other.id,
        associationTypeId: told.typeId,
        associationCategory: told.category,
        associationRemoved,
        isPrimaryAssociation: told.isPrimary,
      });
    }
  }
}
