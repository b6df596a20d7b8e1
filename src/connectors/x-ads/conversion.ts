import type { JsonObject } from '../../kernel/json.ts';
import { isSha256Hex, normaliseEmail, sha256Hex, toE164 } from '../../kit/index.ts';
import type { ConversionInput } from './conversion-input.ts';

/** The conversion as it goes over the wire; `undefined` when X could not know anybody by it. */
export function toConversion(input: ConversionInput, eventId: string): JsonObject | undefined {
  const identifiers = toIdentifiers(input.identifiers);
  if (identifiers.length === 0) return undefined;
  const { conversion_time, contents, identifiers: _plain, ...same } = input;
  return {
    ...defined(same),
    conversion_time: new Date(conversion_time).toISOString(),
    event_id: eventId,
    identifiers,
    ...(contents === undefined ? {} : { contents: contents.map(defined) }),
  };
}

/**
 * "Trim, lower-case, SHA-256 without salt"; of phone numbers E.164 with the plus. An address of the network or a browser
 * is no identifier by itself; together they are one (the page on web conversions, read 2026-11).
 */
function toIdentifiers(given: ConversionInput['identifiers']): readonly JsonObject[] {
  const { email, phone, country, twclid, ip_address, user_agent } = given;
  const hashedEmail = hashed(email, normaliseEmail);
  const hashedPhone = hashed(phone, (text) => toE164(text, country));
  return [
    ...(twclid === undefined ? [] : [{ twclid }]),
    ...(hashedEmail === undefined ? [] : [{ hashed_email: hashedEmail }]),
    ...(hashedPhone === undefined ? [] : [{ hashed_phone_number: hashedPhone }]),
    ...(ip_address === undefined || user_agent === undefined ? [] : [{ ip_address, user_agent }]),
  ];
}

function hashed(
  text: string | undefined,
  normalise: (text: string) => string | undefined,
): string | undefined {
  if (text === undefined) return undefined;
  if (isSha256Hex(text)) return text.toLowerCase();
  const normalised = normalise(text);
  return normalised === undefined ? undefined : sha256Hex(normalised);
}

function defined(fields: Readonly<Record<string, string | number | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
}
