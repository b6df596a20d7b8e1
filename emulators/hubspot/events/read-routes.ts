import { json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { invalid } from '../errors.ts';
import type { Call } from '../guard.ts';
import { resolveType } from '../objects/object-types.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import type { Occurrence } from './event-store.ts';
import { eventPathsOf } from './event-paths.ts';
import { guardEvents } from './guard-events.ts';
import { processDueEvents } from './process-events.ts';

const LIST_DEFAULT = 20;
const LIST_MAX = 1_000;

/** What has happened to records. */
export function eventReadRoutes(version: Version): Route<HubspotState>[] {
  const base = eventPathsOf(version).reads;
  return [
    guardEvents({ method: 'GET', path: base, scopes: ['oauth'], handle: list }),
    guardEvents({
      method: 'GET',
      path: `${base}/event-types`,
      scopes: ['oauth'],
      handle: ({ portal }) =>
        json(200, {
          eventTypes: portal.events.definitions.all().map(({ fullyQualifiedName }) => fullyQualifiedName),
        }),
    }),
  ];
}

function list(call: Call, state: HubspotState): Reply {
  const { request, portal } = call;
  const { query } = request;
  processDueEvents(state, portal);
  const [objectType, objectId, eventType] = ['objectType', 'objectId', 'eventType'].map((key) =>
    query.get(key),
  );
  if (objectId !== null && objectType === null) throw invalid('objectType is required with objectId');
  // Documented: a query without a record names the type of event. The wording is assumed.
  if (objectId === null && eventType === null) throw invalid('Either objectId or eventType must be given');
  const type = objectType === null || objectType === undefined ? undefined : resolveType(portal, objectType);
  const all =
    type !== undefined && typeof objectId === 'string'
      ? portal.events.of(type.id, objectId)
      : [...portal.events.all()];
  const found = all
    .filter((one) => type === undefined || one.typeId === type.id)
    .filter((one) => eventType === null || one.eventName === eventType)
    .filter((one) => isWithin(one, query) && hasProperties(one, query))
    .toSorted((a, b) => b.occurredAt - a.occurredAt);
  if (query.get('sort') === 'occurredAt') found.reverse();
  const limit = Math.min(Number(query.get('limit') ?? LIST_DEFAULT) || LIST_DEFAULT, LIST_MAX);
  const from = query.has('after') ? found.findIndex(({ id }) => id === query.get('after')) + 1 : 0;
  const page = found.slice(from, from + limit);
  const last = page.at(-1);
  return json(200, {
    results: page.map((one) => ({
      id: one.id,
      objectType: type?.messageName ?? resolveType(portal, one.typeId).messageName,
      objectId: one.objectId,
      eventType: one.eventName,
      occurredAt: new Date(one.occurredAt).toISOString(),
      properties: one.properties,
    })),
    ...(last === undefined || from + limit >= found.length ? {} : { paging: { next: { after: last.id } } }),
  });
}

function isWithin({ occurredAt }: Occurrence, query: URLSearchParams): boolean {
  const bound = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null) return undefined;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw invalid(`${name} is not a date: ${text}`);
    return at;
  };
  return (
    occurredAt >= (bound('occurredAfter') ?? -Infinity) && occurredAt <= (bound('occurredBefore') ?? Infinity)
  );
}

/** `property.{name}=value` */
function hasProperties({ properties }: Occurrence, query: URLSearchParams): boolean {
  const prefix = 'property.';
  return [...query]
    .filter(([name]) => name.startsWith(prefix))
    .every(([name, value]) => properties[name.slice(prefix.length)] === value);
}
