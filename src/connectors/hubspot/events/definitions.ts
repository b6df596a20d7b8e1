import { z } from 'zod';
import { send, stringField } from '../../../kit/index.ts';
import type { DeliverContext, Steps } from '../../../kit/index.ts';
import { pathsOf } from '../paths.ts';
import { findPortalId } from '../portal-id.ts';
import type { Settings } from '../settings.ts';
import { toFault } from '../vendor-error.ts';
import type { Fault } from '../../../kernel/outcome.ts';
import { isFullName } from './event-name.ts';
import type { NewProperty } from './property-types.ts';

export interface EventProperty {
  readonly name: string;
  readonly type: string;
  /** Values by value, and by label in lower case. */
  readonly options: ReadonlyMap<string, string>;
}

/** An event as HubSpot knows it, as it was at one moment. */
export interface Definition {
  readonly fetchedAtMs: number;
  /** `pe<portal>_<name>`, which sending wants. */
  readonly fullName: string;
  readonly isArchived: boolean;
  readonly properties: ReadonlyMap<string, EventProperty>;
  /** Properties of the account's own, which HubSpot limits to 50. */
  readonly ownCount: number;
}

export type DefinitionContext = Pick<DeliverContext<Settings, unknown>, 'settings' | 'cache' | 'nowMs'>;

const optionSchema = z.looseObject({ label: z.string(), value: z.string() });
const propertySchema = z.looseObject({
  name: z.string(),
  type: z.string(),
  archived: z.boolean().nullish(),
  hubspotDefined: z.boolean().nullish(),
  options: z.array(optionSchema).nullish(),
});
const definitionSchema = z.looseObject({
  fullyQualifiedName: z.string(),
  archived: z.boolean().nullish(),
  properties: z.array(propertySchema).nullish(),
});

/** An event that HubSpot does not have, as of a moment. */
interface Absent {
  readonly absentAtMs: number;
}

// As for properties of records: people change them rarely, a refusal drops the entry, and what somebody has just made
// is found within five minutes.
const TTL_MS = 3_600_000;
const ABSENT_MS = 300_000;

/** The definition of an event by name or full name; `undefined` when HubSpot has none. */
export function* loadDefinition(name: string, context: DefinitionContext): Steps<Definition | undefined> {
  // Only this file writes under these keys.
  const cached = context.cache.get(cacheKey(name)) as Definition | Absent | undefined;
  if (cached !== undefined && !('absentAtMs' in cached)) return cached;
  if (cached !== undefined && context.nowMs - cached.absentAtMs < ABSENT_MS) return undefined;
  return yield* fetchDefinition(name, context);
}

export function* fetchDefinition(name: string, context: DefinitionContext): Steps<Definition | undefined> {
  const { settings, cache, nowMs } = context;
  // That a name may be given without the account's number is said by some and not by HubSpot.
  const portalId = isFullName(name) ? undefined : yield* findPortalId(context);
  const fullName = portalId === undefined ? name : `pe${portalId}_${name}`;
  const response = yield* send({
    method: 'GET',
    path: `${pathsOf(settings.api_version).eventDefinitions}/${encodeURIComponent(fullName)}`,
    query: { includeProperties: 'true' },
    accept: [400, 404],
  });
  const definition = response.status < 300 ? readDefinition(response.body, nowMs) : undefined;
  cache.set(cacheKey(name), definition ?? { absentAtMs: nowMs }, TTL_MS);
  return definition;
}

export function dropDefinition(name: string, { cache }: DefinitionContext): void {
  cache.delete(cacheKey(name));
}

function cacheKey(name: string): string {
  return `event-definition:${name}`;
}

export interface NewDefinition {
  readonly name: string;
  /** As people read it. */
  readonly label: string;
  readonly objectType: string;
  readonly properties: readonly NewProperty[];
}

/** Creates the definition of an event; a fault when HubSpot refuses, which is not asked again for some minutes. */
export function* createDefinition(
  { name, label, objectType, properties }: NewDefinition,
  context: DefinitionContext,
): Steps<Definition | Fault> {
  const { settings, cache } = context;
  const refusal = cache.get(`event-refused:${name}`) as Fault | undefined;
  if (refusal !== undefined) return refusal;
  const response = yield* send({
    method: 'POST',
    path: pathsOf(settings.api_version).eventDefinitions,
    body: {
      label,
      name,
      description: 'Created by Linchpin.',
      primaryObject: primaryObjectOf(objectType),
      propertyDefinitions: properties.map((property) => ({ ...property })),
      includeDefaultProperties: false,
    },
    accept: [400, 409],
  });
  // Read back even when refused: another worker may have been first.
  const definition = yield* fetchDefinition(name, context);
  if (definition !== undefined) return definition;
  if (response.status < 300) {
    dropDefinition(name, context);
    const message = `HubSpot created the event ${name}, but does not show it yet.`;
    return { code: 'hubspot.event_hidden', message };
  }
  const fault = toFault(response.body, response.status);
  const message = `HubSpot refused to create the event ${name}; a name that was deleted once can never be used again. ${fault.message}`;
  cache.set(`event-refused:${name}`, { ...fault, message }, ABSENT_MS);
  return { ...fault, message };
}

// The four that have a word of their own; any other type is named as it is.
const PRIMARY_OBJECTS: Readonly<Record<string, string>> = {
  contacts: 'CONTACT',
  companies: 'COMPANY',
  deals: 'DEAL',
  tickets: 'TICKET',
};

function primaryObjectOf(objectType: string): string {
  return PRIMARY_OBJECTS[objectType] ?? objectType;
}

/** Adds properties to an event, as many as HubSpot takes; the definition to go on with. */
export function* extendDefinition(
  name: string,
  definition: Definition,
  properties: readonly NewProperty[],
  context: DefinitionContext,
): Steps<Definition> {
  const { settings, cache } = context;
  const path = `${pathsOf(settings.api_version).eventDefinitions}/${encodeURIComponent(definition.fullName)}/property`;
  const refusedKey = (property: NewProperty): string => `event-property-refused:${name}:${property.name}`;
  const wanted = properties.filter((property) => cache.get(refusedKey(property)) === undefined);
  if (wanted.length === 0) return definition;
  for (const property of wanted) {
    // A property that is refused is left out of the events, which say so; 409 is another worker's.
    const { status } = yield* send({ method: 'POST', path, body: { ...property }, accept: [400, 409] });
    if (status === 400) cache.set(refusedKey(property), true, ABSENT_MS);
  }
  return (yield* fetchDefinition(name, context)) ?? definition;
}

function readDefinition(body: unknown, fetchedAtMs: number): Definition | undefined {
  const parsed = definitionSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { fullyQualifiedName, archived, properties } = parsed.data;
  const live = (properties ?? []).filter((property) => property.archived !== true);
  return {
    fetchedAtMs,
    fullName: fullyQualifiedName,
    isArchived: archived === true,
    properties: new Map(
      live.map(({ name, type, options }) => [
        name,
        {
          name,
          type,
          options: new Map(
            (options ?? []).flatMap(({ label, value }) => [
              [label.trim().toLowerCase(), value],
              [value, value],
            ]),
          ),
        },
      ]),
    ),
    ownCount: live.filter(({ name, hubspotDefined }) => hubspotDefined !== true && !name.startsWith('hs_'))
      .length,
  };
}

/** True for HubSpot's way of saying that it knows no such event, or no such property of one. */
export function saysAbsent(body: unknown): boolean {
  return /does(n't| not) exist/i.test(stringField(body, 'message') ?? '');
}
