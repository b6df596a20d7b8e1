import { isJsonObject } from '../../../kernel/json.ts';
import type { Outcome } from '../../../kernel/outcome.ts';
import { send } from '../../../kit/index.ts';
import type { Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { propertySchema, toProperty } from './property.ts';
import type { Property } from './property.ts';
import type { RecordContext } from './record-context.ts';

/** The properties of an object type as they were in an account at one moment. */
export class Catalogue {
  readonly fetchedAtMs: number;
  /** Why properties that a flow wants created are not there. */
  readonly refusals = new Map<string, string>();
  readonly #properties = new Map<string, Property>();

  constructor(fetchedAtMs: number, properties: readonly Property[]) {
    this.fetchedAtMs = fetchedAtMs;
    for (const property of properties) this.put(property);
  }

  /** The catalogue of the cache, when it is young enough for `names`. */
  static cached(
    context: Pick<RecordContext, 'type' | 'cache' | 'nowMs'>,
    names: Iterable<string>,
  ): Catalogue | undefined {
    const found = context.cache.get(cacheKey(context));
    return found instanceof Catalogue && isGoodFor(found, names, context.nowMs) ? found : undefined;
  }

  get(name: string): Property | undefined {
    return this.#properties.get(name);
  }

  put(property: Property): void {
    this.#properties.set(property.name, property);
  }
}

// People change properties rarely; what changed inside the hour shows by HubSpot's refusal, which drops the entry.
const TTL_MS = 3_600_000;
// A property that somebody has just created is found this soon, at twelve calls an hour while names are unknown.
const UNKNOWN_NAME_MS = 300_000;

/** The catalogue, from the cache when it is young enough for `names`; an outcome when it cannot be had. */
export function* loadCatalogue(context: RecordContext, names: Iterable<string>): Steps<Catalogue | Outcome> {
  return Catalogue.cached(context, names) ?? (yield* fetchCatalogue(context));
}

function isGoodFor(catalogue: Catalogue, names: Iterable<string>, nowMs: number): boolean {
  if (nowMs - catalogue.fetchedAtMs < UNKNOWN_NAME_MS) return true;
  for (const name of names) if (catalogue.get(name) === undefined) return false;
  return true;
}

export function dropCatalogue(context: RecordContext): void {
  context.cache.delete(cacheKey(context));
}

function cacheKey({ type }: Pick<RecordContext, 'type'>): string {
  return `properties:${type}`;
}

export function* fetchCatalogue(context: RecordContext): Steps<Catalogue | Outcome> {
  const { body } = yield* send({
    method: 'GET',
    path: pathsOf(context.settings.api_version).properties(context.type),
  });
  const properties = readProperties(body);
  // Taking an unreadable list for an empty one would leave every value out.
  if (properties.length === 0) {
    const message = `HubSpot answered the list of properties of ${context.type} in an unknown form.`;
    return { kind: 'retry', fault: { code: 'hubspot.unexpected_answer', message } };
  }
  const catalogue = new Catalogue(context.nowMs, properties);
  context.cache.set(cacheKey(context), catalogue, TTL_MS);
  return catalogue;
}

export function readProperties(body: unknown): readonly Property[] {
  if (!isJsonObject(body) || !Array.isArray(body['results'])) return [];
  return body['results'].flatMap((result: unknown) => {
    const parsed = propertySchema.safeParse(result);
    return parsed.success ? [toProperty(parsed.data)] : [];
  });
}
