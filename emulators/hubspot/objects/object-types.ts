/** The kinds of records that an account has, under all the names that a path may give them. */
import { invalid, notEmulated } from '../errors.ts';
import { BUILT_IN_TYPES } from './built-in-types.ts';

export interface ObjectType {
  /** `0-1`; `2-N` for custom objects. */
  readonly id: string;
  readonly singular: string;
  readonly plural: string;
  /** In messages: `CONTACT`. */
  readonly messageName: string;
  /** `p1000001_car`, which only custom objects have. */
  readonly fullyQualifiedName?: string;
  /** One of each list is enough. */
  readonly scopes: ObjectScopes;
  readonly createdProperty: 'createdate' | 'hs_createdate';
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** What a creation must have, and that is known to be enforced. */
  readonly required: readonly string[];
  /** What is documented as required, while a recorded creation went through without. */
  readonly requiredOnPaper: readonly string[];
  /** A record needs one of these. */
  readonly requiredAny: readonly string[];
  /** The properties of an answer to a read that names none. */
  readonly shownByDefault: readonly string[];
  /** Where free text is looked for. */
  readonly searchable: readonly string[];
  /** Answers to writes echo these as they were sent; reads give them as they are stored. */
  readonly echoed: readonly string[];
  /** Records of this kind come into being by themselves, so that no call may write them. */
  readonly isReadOnly: boolean;
}

export interface ObjectScopes {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly readSchema: readonly string[];
  readonly writeSchema: readonly string[];
}

export const CONTACTS = '0-1';
export const COMPANIES = '0-2';
export const DEALS = '0-3';
export const TICKETS = '0-5';

// What HubSpot has besides, so that a client learns that the emulator is at fault, not its spelling.
const OTHERS = new Set(['marketing_events', 'marketing_event', 'campaigns', 'projects']);

/** The types of one account: HubSpot's own, and custom ones once they are defined. */
export class TypeRegistry {
  readonly #byId = new Map<string, ObjectType>();
  readonly #byName = new Map<string, ObjectType>();

  constructor() {
    for (const type of BUILT_IN_TYPES) this.add(type);
  }

  /** A type of the same id is replaced. */
  add(type: ObjectType): void {
    this.remove(type.id);
    this.#byId.set(type.id, type);
    for (const name of namesOf(type)) this.#byName.set(name, type);
  }

  remove(id: string): void {
    const type = this.#byId.get(id);
    if (type === undefined) return;
    this.#byId.delete(id);
    for (const name of namesOf(type)) if (this.#byName.get(name) === type) this.#byName.delete(name);
  }

  /** By id, plural, singular or fully qualified name. */
  find(text: string): ObjectType | undefined {
    return this.#byName.get(text) ?? this.#byName.get(text.toLowerCase());
  }

  all(): readonly ObjectType[] {
    return [...this.#byId.values()];
  }
}

/** The type that a path names, or HubSpot's refusal. */
export function resolveType(portal: { readonly types: TypeRegistry }, text: string): ObjectType {
  const type = portal.types.find(text);
  if (type !== undefined) return type;
  if (OTHERS.has(text) || /^0-\d+$/.test(text)) throw notEmulated(`the object type ${text}`);
  throw invalid(`Unable to infer object type from: ${text}`);
}

function namesOf({ id, singular, plural, fullyQualifiedName }: ObjectType): string[] {
  // A custom object has its bare name in no path: two accounts may give it to different things.
  return fullyQualifiedName === undefined ? [id, singular, plural] : [id, fullyQualifiedName];
}
