import { isJsonObject } from '../../src/kernel/json.ts';
import type { JsonObject, JsonValue } from '../../src/kernel/json.ts';
import { nameFault } from './names.ts';
import { validateEvent } from './validate-event.ts';
import { Violations } from './violations.ts';
import type { Violation } from './violations.ts';

/** Keys of the body: .../protocol/ga4/reference#payload_post_body (read 2026-11). */
const KEYS = new Set([
  'app_instance_id',
  'client_id',
  'consent',
  'device',
  'events',
  'ip_override',
  'non_personalized_ads',
  'timestamp_micros',
  'user_agent',
  'user_data',
  'user_id',
  'user_location',
  'user_properties',
  'validation_behavior',
]);

// Same reference, "Limitations"; the bound of user ids is that of the browser's library.
const BODY_BYTES_MAX = 130_000;
const EVENTS_MAX = 25;
const USER_PROPERTIES_MAX = 25;
const USER_PROPERTY_VALUE_LENGTH_MAX = 36;
const USER_ID_LENGTH_MAX = 256;
const WINDOW_MS = 72 * 3_600_000;

export interface Validated {
  /** Undefined when the body is no JSON object. */
  readonly body: JsonObject | undefined;
  readonly violations: readonly Violation[];
  /** Older than 72 hours: RELAXED pulls the time forward, and so it is no violation there. */
  readonly isPulledForward: boolean;
}

/** Everything that is wrong with a hit. Neither the stream nor its secret is looked at, as at Google. */
export function validateHit(query: URLSearchParams, bytes: Buffer, nowMs: number): Validated {
  const violations = new Violations();
  if (!query.get('measurement_id') && !query.get('firebase_app_id')) {
    violations.add('VALUE_REQUIRED', 'measurement_id', 'Measurement requires a measurement_id.');
  }
  if (!query.get('api_secret')) {
    violations.add('VALUE_REQUIRED', 'api_secret', 'Measurement requires an api_secret.');
  }
  if (bytes.length >= BODY_BYTES_MAX) {
    violations.add('VALUE_OUT_OF_BOUNDS', '', 'The body is not smaller than 130 kB.');
  }
  const body = parse(bytes);
  if (body === undefined) {
    violations.add('VALUE_INVALID', '', 'Unable to parse Measurement Protocol JSON payload.');
    return { body, violations: violations.found, isPulledForward: false };
  }
  for (const key of Object.keys(body).filter((name) => !KEYS.has(name))) {
    violations.add(
      'VALUE_INVALID',
      key,
      `Unable to parse Measurement Protocol JSON payload: unknown name [${key}].`,
    );
  }
  checkIdentity(body, violations);
  checkBehaviour(body, violations);
  const isPulledForward = checkTime(body, nowMs, violations);
  checkUserProperties(body['user_properties'], violations);
  checkEvents(body['events'], violations);
  return { body, violations: violations.found, isPulledForward };
}

function parse(bytes: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not JSON: that is what the caller reports.
    return undefined;
  }
}

function checkIdentity({ client_id, app_instance_id, user_id }: JsonObject, violations: Violations): void {
  if (app_instance_id === undefined && (client_id === undefined || client_id === '')) {
    violations.add('VALUE_REQUIRED', 'client_id', 'Measurement requires a client_id.');
  } else if (client_id !== undefined && typeof client_id !== 'string') {
    violations.add('VALUE_INVALID', 'client_id', 'The client_id is not text.');
  }
  if (user_id === undefined) return;
  if (typeof user_id !== 'string') {
    violations.add('VALUE_INVALID', 'user_id', 'The user_id is not text.');
  } else if (user_id.length > USER_ID_LENGTH_MAX) {
    violations.add('VALUE_OUT_OF_BOUNDS', 'user_id', 'The user_id is longer than 256 characters.');
  }
}

function checkBehaviour({ validation_behavior, consent }: JsonObject, violations: Violations): void {
  const behaviours = ['RELAXED', 'ENFORCE_RECOMMENDATIONS', undefined];
  if (!behaviours.includes(validation_behavior as string | undefined)) {
    violations.add('VALUE_INVALID', 'validation_behavior', 'The validation_behavior is unknown.');
  }
  if (consent === undefined) return;
  const entries = isJsonObject(consent) ? Object.entries(consent) : [['', null] as const];
  for (const [key, value] of entries) {
    const isKnown = key === 'ad_user_data' || key === 'ad_personalization';
    if (!isKnown || (value !== 'GRANTED' && value !== 'DENIED')) {
      violations.add('VALUE_INVALID', `consent.${key}`, 'Consent is GRANTED or DENIED for ads only.');
    }
  }
}

function checkTime(body: JsonObject, nowMs: number, violations: Violations): boolean {
  const micros = body['timestamp_micros'];
  if (micros === undefined) return false;
  if (!/^\d+$/.test(JSON.stringify(micros).replaceAll('"', ''))) {
    violations.add('VALUE_INVALID', 'timestamp_micros', 'The timestamp_micros is not a whole number.');
    return false;
  }
  const atMs = Number(micros) / 1_000;
  if (atMs > nowMs) {
    violations.add('VALUE_OUT_OF_BOUNDS', 'timestamp_micros', 'The timestamp_micros is in the future.');
  }
  if (atMs >= nowMs - WINDOW_MS) return false;
  if (body['validation_behavior'] !== 'ENFORCE_RECOMMENDATIONS') return true;
  violations.add('VALUE_OUT_OF_BOUNDS', 'timestamp_micros', 'The timestamp_micros is older than 72 hours.');
  return false;
}

function checkUserProperties(properties: JsonValue | undefined, violations: Violations): void {
  if (properties === undefined) return;
  if (!isJsonObject(properties)) {
    violations.add('VALUE_INVALID', 'user_properties', 'The user_properties are not an object.');
    return;
  }
  const entries = Object.entries(properties);
  if (entries.length > USER_PROPERTIES_MAX) {
    violations.add('EXCEEDED_MAX_ENTITIES', 'user_properties', 'There are more than 25 user properties.');
  }
  for (const [name, property] of entries) {
    const path = `user_properties.${name}`;
    const fault = nameFault('user property', name);
    if (fault !== undefined)
      violations.add(fault, path, `User property [${name}] has a name that is not allowed.`);
    const value = isJsonObject(property) ? property['value'] : undefined;
    if (typeof value !== 'string' && typeof value !== 'number') {
      violations.add('VALUE_INVALID', path, `User property [${name}] has no value.`);
    } else if (String(value).length > USER_PROPERTY_VALUE_LENGTH_MAX) {
      violations.add('VALUE_OUT_OF_BOUNDS', path, `User property [${name}] has a value that is too long.`);
    }
  }
}

function checkEvents(events: JsonValue | undefined, violations: Violations): void {
  if (!Array.isArray(events) || events.length === 0) {
    violations.add('VALUE_REQUIRED', 'events', 'Measurement requires at least one event.');
    return;
  }
  if (events.length > EVENTS_MAX) {
    violations.add('EXCEEDED_MAX_ENTITIES', 'events', 'There are more than 25 events.');
  }
  events.forEach((event: unknown, index) => validateEvent(event, index, violations));
}
