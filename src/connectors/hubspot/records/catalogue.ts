import { isJsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { toFault } from '../vendor-error.ts';
import type { ContactContext } from './record-context.ts';
import type { PropertyDefinition } from './record-input.ts';
import { propertySchema, toProperty } from './property.ts';
import type { Property } from './property.ts';

/** The contact properties of an account as they were at one moment. */
export class Catalogue {
  readonly fetchedAtMs: number;
  readonly #properties = new Map<string, Property>();

  constructor(fetchedAtMs: number, properties: readonly Property[]) {
    this.fetchedAtMs = fetchedAtMs;
    for (const property of properties) this.put(property);
  }

  get(name: string): Property | undefined {
    return this.#properties.get(name);
  }

  put(property: Property): void {
    this.#properties.set(property.name, property);
  }
}

const CACHE_KEY = 'contact-properties';
// People change properties rarely; what changed inside the hour shows by HubSpot's refusal, which drops the entry.
const TTL_MS = 3_600_000;
// A property that somebody has just created is found this soon, at twelve calls an hour while names are unknown.
const UNKNOWN_NAME_MS = 300_000;

/** The catalogue, from the cache when it is young enough for `names`; an outcome when it cannot be had. */
export function* loadCatalogue(context: ContactContext, names: Iterable<string>): Steps<Catalogue | Outcome> {
  const cached = context.cache.get(CACHE_KEY);
  if (cached instanceof Catalogue && isGoodFor(cached, names, context.nowMs)) return cached;
  return yield* fetchCatalogue(context);
}

function isGoodFor(catalogue: Catalogue, names: Iterable<string>, nowMs: number): boolean {
  if (nowMs - catalogue.fetchedAtMs < UNKNOWN_NAME_MS) return true;
  for (const name of names) if (catalogue.get(name) === undefined) return false;
  return true;
}

export function dropCatalogue(context: ContactContext): void {
  context.cache.delete(CACHE_KEY);
}

function* fetchCatalogue(context: ContactContext): Steps<Catalogue | Outcome> {
  const { body } = yield* send({
    method: 'GET',
    path: pathsOf(context.settings.api_version).properties('contacts'),
  });
  const properties = readProperties(body);
  // Taking an unreadable list for an empty one would leave every value out.
  if (properties.length === 0) {
    const message = 'HubSpot answered the list of contact properties in an unknown form.';
    return { kind: 'retry', fault: { code: 'hubspot.unexpected_answer', message } };
  }
  const catalogue = new Catalogue(context.nowMs, properties);
  context.cache.set(CACHE_KEY, catalogue, TTL_MS);
  return catalogue;
}

export function readProperties(body: unknown): readonly Property[] {
  if (!isJsonObject(body) || !Array.isArray(body['results'])) return [];
  return body['results'].flatMap((result: unknown) => {
    const parsed = propertySchema.safeParse(result);
    return parsed.success ? [toProperty(parsed.data)] : [];
  });
}

/**
 * Creates the properties that the flow wants and HubSpot lacks. An enumeration waits for its first options:
 * without any it could hold nothing, and HubSpot need not accept it. Returns the catalogue to go on with.
 */
export function* ensureProperties(
  catalogue: Catalogue,
  options: (definition: PropertyDefinition) => readonly string[],
  context: ContactContext,
): Steps<Catalogue | Outcome> {
  let isTaken = false;
  for (const definition of context.options.ensure) {
    if (catalogue.get(definition.name) !== undefined) continue;
    const values = definition.type === 'enumeration' ? options(definition) : [];
    if (definition.type === 'enumeration' && values.length === 0) continue;
    const response = yield* send({
      method: 'POST',
      path: pathsOf(context.settings.api_version).properties('contacts'),
      body: {
        name: definition.name,
        label: definition.label,
        groupName: definition.group,
        type: definition.type,
        fieldType: definition.field_type,
        description: definition.description,
        ...(values.length === 0 ? {} : { options: values.map((value, index) => toOption(value, index)) }),
      },
      accept: [400, 409],
    });
    // Retrying cannot help, and going on would lose what the property is for: somebody must look.
    if (response.status === 400) {
      const fault = toFault(response.body, response.status);
      return {
        kind: 'suspended',
        fault: {
          ...fault,
          message: `HubSpot refused to create the property ${definition.name}. ${fault.message}`,
        },
      };
    }
    if (response.status === 409) isTaken = true;
    else {
      const created = propertySchema.safeParse(response.body);
      if (created.success) catalogue.put(toProperty(created.data));
    }
  }
  return isTaken ? yield* refetched(context) : catalogue;
}

/** Another worker was first with a property: the list now holds it, unless HubSpot keeps the name for an archived one. */
function* refetched(context: ContactContext): Steps<Catalogue | Outcome> {
  const catalogue = yield* fetchCatalogue(context);
  if (!(catalogue instanceof Catalogue)) return catalogue;
  const missing = context.options.ensure.find(
    ({ name, type }) => type !== 'enumeration' && catalogue.get(name) === undefined,
  );
  if (missing === undefined) return catalogue;
  dropCatalogue(context);
  const message = `HubSpot says the property ${missing.name} exists, but does not list it; it may be archived.`;
  return { kind: 'retry', fault: { code: 'hubspot.property_hidden', message } };
}

export function toOption(
  value: string,
  displayOrder: number,
): { readonly [key: string]: string | number | boolean } {
  return { label: value, value, displayOrder, hidden: false };
}
