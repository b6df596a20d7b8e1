/**
 * What advertising and mail tools know people by, brought into one form: addresses, phone numbers, and hashes of them.
 * Every connector takes these, so that two vendors are never told two spellings of one person.
 */
import { createHash } from 'node:crypto';
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';

/** SHA-256 of the text in UTF-8, as 64 lower-case hexadecimal digits. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** MD5 of the text in UTF-8, as 32 lower-case hexadecimal digits: for vendors whose ids of people are such; it hides nothing. */
export function md5Hex(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

const SHA256_HEX = /^[\da-f]{64}$/i;

// Meta's parameter builder (npm capi-param-builder-nodejs 1.3.2, 2026-11) puts a dot and a short code behind what it has
// hashed, such as `.AQQCAQMC` or `.AQ`.
const SHA256_HEX_MARKED = /^[\da-f]{64}(?:\.[\w-]{2,8})?$/i;

export interface HashForm {
  /** Also true for a hash with Meta's mark behind it. */
  readonly allowsMetaMark?: boolean;
}

/** True for what was hashed before it came here: hashed again, it would match nobody. */
export function isSha256Hex(text: string, { allowsMetaMark = false }: HashForm = {}): boolean {
  return (allowsMetaMark ? SHA256_HEX_MARKED : SHA256_HEX).test(text);
}

// RFC 5321 section 4.5.3.1.3 allows 256 octets with the brackets around the address.
const EMAIL_LENGTH_MAX = 254;
const EMAIL = /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]{2,}$/;

/** An e-mail address trimmed and in lower case; `undefined` for what is none. */
export function normaliseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= EMAIL_LENGTH_MAX && EMAIL.test(email) ? email : undefined;
}

/**
 * A phone number as E.164 writes it, e.g. `+46701234567`; `undefined` for what is none. A number without the code of a
 * country is read as one of `country` (ISO 3166, two letters), and is no number where that is not known.
 */
export function toE164(phone: string, country?: string): string | undefined {
  const upper = country?.trim().toUpperCase();
  const parsed = parsePhoneNumberFromString(phone, {
    // The text is the number, or it is none: a number found inside other words may be anybody's.
    extract: false,
    ...(upper !== undefined && isSupportedCountry(upper) ? { defaultCountry: upper } : {}),
  });
  return parsed?.isValid() === true ? parsed.number : undefined;
}
