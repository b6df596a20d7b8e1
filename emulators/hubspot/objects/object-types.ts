/** The kinds of records that an account has, under all the names that a path may give them. */
import { invalid, notEmulated } from '../errors.ts';
import { BUILT_IN_TYPES } from './built-in-types.ts';
import type { ObjectType } from './object-type.ts';

export { COMPANIES, CONTACTS, DEALS, TICKETS } from './object-type.ts';
export type { ObjectScopes, ObjectType } from './object-type.ts';

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
