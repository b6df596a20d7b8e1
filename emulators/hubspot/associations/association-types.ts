import { isCustom } from './association-type.ts';
import type { AssociationCategory, AssociationType, Directions, LinkedType } from './association-type.ts';
import { ACTIVITY_TYPES, HUBSPOT_DEFINED } from './hubspot-defined.ts';

/**
 * Pairs of HubSpot's own objects that no document gives an id for have one all the same. These start far
 * from the real ones, so that a client has to ask `…/labels` instead of guessing.
 */
const FIRST_UNDOCUMENTED_ID = 90_001;

interface NewLabel {
  readonly name: string;
  readonly label: string;
  readonly inverseLabel: string | undefined;
}

/** One direction of a kind that is about to be made. */
interface Side {
  readonly from: LinkedType;
  readonly to: LinkedType;
  readonly typeId: number;
  readonly label: string | null;
  readonly name?: string | undefined;
}

/** The association types of an account, HubSpot's own and the labels that were added, by pair of object types. */
export class AssociationTypes {
  readonly #byPair = new Map<string, readonly AssociationType[]>();
  readonly #inverses = new Map<AssociationType, AssociationType>();
  #nextUndocumentedId = FIRST_UNDOCUMENTED_ID;
  /** Labels count from 1 although HubSpot's own ids do so too: the category tells them apart. */
  #nextUserDefinedId = 1;

  /** Every type from one object type to another; none where a custom object's schema does not allow the pair. */
  between(from: LinkedType, to: LinkedType): readonly AssociationType[] {
    if (!this.#byPair.has(keyOf(from.id, to.id))) this.#addHubspotDefined(from, to);
    return this.known(from.id, to.id);
  }

  /** The same for a pair that has been asked about before. */
  known(from: string, to: string): readonly AssociationType[] {
    return this.#byPair.get(keyOf(from, to)) ?? [];
  }

  find(from: LinkedType, to: LinkedType, category: string, typeId: number): AssociationType | undefined {
    return this.between(from, to).find((type) => type.category === category && type.typeId === typeId);
  }

  /** The plain association of a pair. */
  plain(from: LinkedType, to: LinkedType): AssociationType | undefined {
    return this.between(from, to).find(({ label }) => label === null);
  }

  /** The other direction. */
  inverseOf(type: AssociationType): AssociationType {
    return this.#inverses.get(type) ?? type;
  }

  addLabel(from: LinkedType, to: LinkedType, given: NewLabel): Directions {
    const { name, label, inverseLabel = given.label } = given;
    // HubSpot's own types of the pair are made with the first question about it, and stand before any label.
    this.between(from, to);
    // Only between records of one type can a label without an inverse be one and the same in both directions.
    const isSymmetrical = from.id === to.id && given.inverseLabel === undefined;
    const forward = { from, to, typeId: this.#nextUserDefinedId++, label, name };
    const backward = isSymmetrical
      ? undefined
      : { from: to, to: from, typeId: this.#nextUserDefinedId++, label: inverseLabel, name };
    return this.#add('USER_DEFINED', forward, backward);
  }

  /** Both directions of a kind are gone. */
  remove(type: AssociationType): void {
    for (const one of [type, this.inverseOf(type)]) {
      const key = keyOf(one.from, one.to);
      const rest = (this.#byPair.get(key) ?? []).filter((other) => other !== one);
      this.#byPair.set(key, rest);
    }
    this.#inverses.delete(this.inverseOf(type));
    this.#inverses.delete(type);
  }

  /** Allows a pair with a custom object, as its schema does: the plain type of the pair. */
  define(from: LinkedType, to: LinkedType, name: string, category: AssociationCategory): Directions {
    const known = this.plain(from, to);
    if (known !== undefined) return [known, this.inverseOf(known)];
    const forward = { from, to, typeId: this.#nextUserDefinedId++, label: null, name };
    const backward =
      from.id === to.id
        ? undefined
        : { from: to, to: from, typeId: this.#nextUserDefinedId++, label: null, name };
    return this.#add(category, forward, backward);
  }

  /** A custom object is purged, and every kind of link with it. */
  removeObjectType(typeId: string): void {
    for (const types of this.#byPair.values()) {
      for (const type of types) if (type.from === typeId || type.to === typeId) this.remove(type);
    }
  }

  #addHubspotDefined(from: LinkedType, to: LinkedType): void {
    if (isCustom(from.id) || isCustom(to.id)) {
      const isActivity = ACTIVITY_TYPES.includes(from.id) || ACTIVITY_TYPES.includes(to.id);
      if (isActivity) this.#addUndocumented(from, to);
      return;
    }
    let isDocumented = false;
    for (const row of HUBSPOT_DEFINED) {
      const isForward = row.from === from.id && row.to === to.id;
      if (!isForward && !(row.from === to.id && row.to === from.id)) continue;
      isDocumented = true;
      const [one, other] = isForward ? [from, to] : [to, from];
      const [label = null, inverseLabel = null] = row.labels ?? [];
      const [name, inverseName] = row.names ?? [];
      this.#add(
        'HUBSPOT_DEFINED',
        { from: one, to: other, typeId: row.typeId, label, name },
        row.typeId === row.inverseTypeId
          ? undefined
          : { from: other, to: one, typeId: row.inverseTypeId, label: inverseLabel, name: inverseName },
        row.isPrimary,
      );
    }
    if (!isDocumented) this.#addUndocumented(from, to);
  }

  #addUndocumented(from: LinkedType, to: LinkedType): void {
    this.#add(
      'HUBSPOT_DEFINED',
      { from, to, typeId: this.#nextUndocumentedId++, label: null },
      from.id === to.id ? undefined : { from: to, to: from, typeId: this.#nextUndocumentedId++, label: null },
    );
  }

  #add(
    category: AssociationCategory,
    forward: Side,
    backward: Side | undefined,
    isPrimary = false,
  ): Directions {
    const one = toType(category, forward, isPrimary);
    this.#put(one);
    if (backward === undefined) return [one, one];
    const other = toType(category, backward, isPrimary);
    this.#put(other);
    this.#inverses.set(one, other).set(other, one);
    return [one, other];
  }

  #put(type: AssociationType): void {
    const key = keyOf(type.from, type.to);
    this.#byPair.set(key, [...(this.#byPair.get(key) ?? []), type]);
  }
}

function keyOf(from: string, to: string): string {
  return `${from}>${to}`;
}

function toType(category: AssociationCategory, side: Side, isPrimary: boolean): AssociationType {
  const { from, to, typeId, label } = side;
  return {
    category,
    typeId,
    from: from.id,
    to: to.id,
    label,
    name: side.name ?? legacyName(from, to, isPrimary),
    pairName: `${from.singular}_to_${to.singular}`.toUpperCase(),
    isPrimary,
  };
}

const WITH_PRIMARY_COMPANY = new Set(['contact', 'deal', 'ticket']);

/** The plain name of a pair belongs to its primary company where there is one. */
function legacyName(from: LinkedType, to: LinkedType, isPrimary: boolean): string {
  const plain = `${from.singular}_to_${to.singular}`;
  const hasPrimary =
    (to.singular === 'company' && WITH_PRIMARY_COMPANY.has(from.singular)) ||
    (from.singular === 'company' && WITH_PRIMARY_COMPANY.has(to.singular));
  return hasPrimary && !isPrimary ? `${plain}_unlabeled` : plain;
}
