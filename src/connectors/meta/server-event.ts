import type { JsonObject, JsonValue } from '../../kernel/json.ts';
import type { EventInput, UserData } from './event-input.ts';
import { hashed, NORMALISE } from './normalise.ts';
import type { HashedKey } from './normalise.ts';

const HASHED_KEYS = Object.keys(NORMALISE) as readonly HashedKey[];

const PLAIN_KEYS = [
  'client_ip_address',
  'client_user_agent',
  'fbc',
  'fbp',
  'subscription_id',
  'fb_login_id',
  'lead_id',
  'madid',
  'anon_id',
] as const satisfies readonly (keyof UserData)[];

// A city, a gender or a browser is nobody in particular: Meta refuses events that say no more than that ("Conversions
// API, best practices": https://developers.facebook.com/docs/marketing-api/conversions-api/best-practices, 2026-11).
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'em',
  'ph',
  'external_id',
  ...PLAIN_KEYS.filter((key) => !key.startsWith('client_')),
]);

/** The event as it goes over the wire; `undefined` when nothing is left by which Meta could know anybody. */
export function toServerEvent(input: EventInput, nowMs: number): JsonObject | undefined {
  const { user_data, event_time, custom_data, ...same } = input;
  const userData = toUserData(user_data);
  if (!Object.keys(userData).some((key) => IDENTIFIERS.has(key))) return undefined;
  // A time ahead of Meta's is refused; the clock of a sender may run ahead by a little.
  const timeMs = Math.min(Date.parse(event_time), nowMs);
  return {
    ...defined(same),
    event_time: Math.floor(timeMs / 1000),
    user_data: userData,
    ...(custom_data === undefined ? {} : { custom_data }),
  };
}

function toUserData(given: UserData): JsonObject {
  const [country] = listOf(given.country);
  const found = HASHED_KEYS.map((key) => {
    const hashes = listOf(given[key]).map((value) => hashed(key, value, country));
    return [key, [...new Set(hashes.filter((hash) => hash !== undefined))]] as const;
  });
  const plain = PLAIN_KEYS.flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]] as const]));
  return Object.fromEntries<JsonValue>([...found.filter(([, hashes]) => hashes.length > 0), ...plain]);
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function defined(fields: Readonly<Record<string, string | boolean | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
