import { invalid } from '../errors.ts';
import type { Call } from '../guard.ts';
import { isFields, readText, wrongType } from '../input.ts';
import type { Fields } from '../input.ts';
import { EVENT_PROPERTIES_MAX } from './definition-rules.ts';
import type { EventDefinition } from './event-definition.ts';
import type { EventProperty } from './event-property.ts';
import type { SentEvent } from './event-store.ts';

// "256 characters; 1,024 for properties whose name contains url, referrer or link" (custom event guide, 2026-04).
const VALUE_LENGTH_MAX = 256;
const LONG_VALUE_LENGTH_MAX = 1_024;
const LONG_NAME = /url|referrer|link/i;

const NUMBER = /^-?(\d+\.?\d*|\.\d+)$/;
const DIGITS = /^\d+$/;

/** An event that HubSpot would accept, or its refusal. That of an unknown event is recorded; the others are assumed. */
export function parseSentEvent(call: Call, fields: Fields): SentEvent {
  const { request, portal, now } = call;
  const text = (key: string): string | undefined => {
    const value = readText(request, fields, key);
    return value === '' ? undefined : value;
  };
  const eventName = text('eventName');
  if (eventName === undefined) throw invalid('Some required fields were not set: [eventName]');
  const definition = portal.events.definitions.find(eventName);
  if (definition === undefined) {
    throw invalid(
      `Event processing failed: category=VALIDATION_ERROR, message=Event with fully qualified name ${eventName} does not exist.`,
    );
  }
  const [email, utk, objectId] = [text('email'), text('utk'), text('objectId')];
  const properties = readEventProperties(call, fields, definition);
  const matched = definition.matching?.eventPropertyName;
  const isAddressed =
    email !== undefined ||
    utk !== undefined ||
    objectId !== undefined ||
    (matched !== undefined && properties[matched] !== undefined);
  if (!isAddressed) throw invalid('One of email, objectId or utk must be set');
  if (objectId !== undefined && !DIGITS.test(objectId))
    throw invalid(`Object id ${objectId} is not a number`);
  const occurredAt = text('occurredAt');
  const occurredAtMs = occurredAt === undefined ? now : Date.parse(occurredAt);
  if (Number.isNaN(occurredAtMs)) wrongType(request, 'occurredAt', 'java.time.OffsetDateTime', occurredAt);
  return { eventName, email, utk, objectId, uuid: text('uuid'), occurredAt: occurredAtMs, properties };
}

function readEventProperties(
  call: Call,
  fields: Fields,
  definition: EventDefinition,
): Record<string, string> {
  const given = fields['properties'];
  if (given === undefined || given === null) return {};
  if (!isFields(given)) return wrongType(call.request, 'properties', 'java.util.LinkedHashMap', given);
  const properties: Record<string, string> = {};
  let own = 0;
  for (const name of Object.keys(given)) {
    const value = readText(call.request, given, name);
    const property = definition.properties.get(name);
    if (property === undefined || property.archived) {
      if (call.switches.unknownEventProperty === 'drop') continue;
      throw invalid(`Property ${name} does not exist for event ${definition.fullyQualifiedName}`);
    }
    if (value === undefined) continue;
    if (!property.hubspotDefined) own += 1;
    const fault = faultOf(property, value);
    if (fault === undefined) properties[name] = value;
    else if (call.switches.badEventValue === 'refuse') throw invalid(fault);
  }
  if (own > EVENT_PROPERTIES_MAX) {
    throw invalid(`An event can have at most ${EVENT_PROPERTIES_MAX} custom properties, found ${own}`);
  }
  return properties;
}

function faultOf({ name, type, options }: EventProperty, value: string): string | undefined {
  const max = LONG_NAME.test(name) ? LONG_VALUE_LENGTH_MAX : VALUE_LENGTH_MAX;
  if (value.length > max) return `Property ${name} is longer than ${max} characters`;
  if (value === '') return undefined;
  switch (type) {
    case 'string':
      return undefined;
    case 'number':
      return NUMBER.test(value) ? undefined : `Property ${name} was not a valid number`;
    case 'bool':
      return value === 'true' || value === 'false' ? undefined : `Property ${name} was not a valid bool`;
    case 'date':
    case 'datetime':
      return DIGITS.test(value) || !Number.isNaN(Date.parse(value))
        ? undefined
        : `Property ${name} was not a valid ${type}`;
    case 'enumeration':
      return options.some((option) => option.value === value)
        ? undefined
        : `${value} was not one of the allowed options of property ${name}: [${options.map((option) => option.value).join(', ')}]`;
  }
}
