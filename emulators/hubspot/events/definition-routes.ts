import { empty, json } from '../../core/index.ts';
import type { Reply, Route } from '../../core/index.ts';
import { conflict, invalid, notFound } from '../errors.ts';
import type { Call } from '../guard.ts';
import { readObject, readText } from '../input.ts';
import type { HubspotState } from '../state.ts';
import type { Version } from '../versions.ts';
import {
  parseEventProperty,
  parseNewDefinition,
  patchEventProperty,
  requireRoom,
} from './definition-rules.ts';
import { showDefinition, showProperty } from './event-definition.ts';
import type { EventDefinition } from './event-definition.ts';
import type { EventProperty } from './event-property.ts';
import { eventPathsOf } from './event-paths.ts';
import { guardEvents } from './guard-events.ts';

const SCOPES = ['behavioral_events.event_definitions.read_write'];
const LIST_DEFAULT = 20;
const LIST_MAX = 100;

/** What events there are and what they may carry. */
export function eventDefinitionRoutes(version: Version): Route<HubspotState>[] {
  const base = eventPathsOf(version).definitions;
  const on = (
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    handle: (call: Call) => Reply,
  ): Route<HubspotState> => guardEvents({ method, path: `${base}${path}`, scopes: SCOPES, handle });
  return [
    on('GET', '', list),
    on('POST', '', create),
    on('GET', '/:eventName', (call) => json(200, showDefinition(getDefinition(call)))),
    on('PATCH', '/:eventName', update),
    on('DELETE', '/:eventName', remove),
    on('POST', '/:eventName/property', addProperty),
    on('PATCH', '/:eventName/property/:property', updateProperty),
    on('DELETE', '/:eventName/property/:property', removeProperty),
  ];
}

function list({ request, portal }: Call): Reply {
  const { query } = request;
  const limit = Math.min(Number(query.get('limit') ?? LIST_DEFAULT) || LIST_DEFAULT, LIST_MAX);
  const search = (query.get('searchString') ?? '').toLowerCase();
  const found = portal.events.definitions
    .all()
    .filter(({ name, label }) => `${name}\n${label}`.toLowerCase().includes(search));
  if (query.get('sortOrder')?.toUpperCase() === 'DESC') found.reverse();
  const from = query.has('after') ? found.findIndex(({ id }) => id === query.get('after')) + 1 : 0;
  const page = found.slice(from, from + limit);
  const last = page.at(-1);
  return json(200, {
    total: found.length,
    results: page.map((one) => showDefinition(one, query.get('includeProperties') === 'true')),
    ...(last === undefined || from + limit >= found.length ? {} : { paging: { next: { after: last.id } } }),
  });
}

function create(call: Call): Reply {
  const { definitions } = call.portal.events;
  const { definition, properties, hasDefaults } = parseNewDefinition(
    call,
    readObject(call.request),
    definitions,
  );
  return json(201, showDefinition(definitions.add(definition, properties, hasDefaults)));
}

function update(call: Call): Reply {
  const definition = getDefinition(call);
  const fields = readObject(call.request);
  const changed = call.portal.events.definitions.put({
    ...definition,
    label: readText(call.request, fields, 'label') ?? definition.label,
    description: readText(call.request, fields, 'description') ?? definition.description,
    updatedAt: call.now,
  });
  // 201 in the published specification, odd as it is for an update.
  return json(201, showDefinition(changed));
}

function remove(call: Call): Reply {
  call.portal.events.definitions.remove(getDefinition(call).fullyQualifiedName);
  return empty(204);
}

function addProperty(call: Call): Reply {
  const definition = getDefinition(call);
  const property = parseEventProperty(call, readObject(call.request));
  if (definition.properties.has(property.name)) {
    throw conflict(`Property ${property.name} of event ${definition.fullyQualifiedName} already exists`);
  }
  requireRoom([...definition.properties.values()].filter(isOwn).length + 1);
  putProperty(call, definition, property);
  return json(201, showProperty(property));
}

function updateProperty(call: Call): Reply {
  const definition = getDefinition(call);
  const property = patchEventProperty(call, getProperty(call, definition), readObject(call.request));
  putProperty(call, definition, property);
  // Assumed equal to the update of a definition.
  return json(201, showProperty(property));
}

function removeProperty(call: Call): Reply {
  const definition = getDefinition(call);
  const property = getProperty(call, definition);
  putProperty(call, definition, { ...property, archived: true, updatedAt: call.now });
  return empty(204);
}

function putProperty(call: Call, definition: EventDefinition, property: EventProperty): void {
  call.portal.events.definitions.put({
    ...definition,
    properties: new Map([...definition.properties, [property.name, property]]),
    updatedAt: call.now,
  });
}

function getDefinition(call: Call): EventDefinition {
  const found = call.portal.events.definitions.find(call.request.param('eventName'));
  if (found === undefined) throw notFound();
  return found;
}

function getProperty(call: Call, definition: EventDefinition): EventProperty {
  const found = definition.properties.get(call.request.param('property'));
  if (found === undefined || found.archived) throw notFound();
  if (found.hubspotDefined) throw invalid(`Property ${found.name} is HubSpot's own and cannot be changed`);
  return found;
}

function isOwn({ hubspotDefined, archived }: EventProperty): boolean {
  return !hubspotDefined && !archived;
}
