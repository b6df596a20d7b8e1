import { isSha256Hex, normaliseEmail, sha256Hex, toE164 } from '../../kit/index.ts';

/**
 * How Meta wants what it knows people by, before it is hashed: "Customer Information Parameters",
 * https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters
 * (read 2026-11). Each function gives `undefined` for what holds nothing that could match.
 *
 * Meta's two libraries disagree on Nordic and hyphenated names: facebook-nodejs-business-sdk 24.0.1 keeps the hyphen of
 * `Åse-Marie`, capi-param-builder-nodejs 1.3.2 drops it, and makes `bitelemark` of `Bø i Telemark`. The page decides
 * here: lower case, no punctuation, no spaces, and letters beyond a to z stay, in UTF-8 (`åsemarie`, `bøitelemark`).
 */
export const NORMALISE = {
  em: (text) => normaliseEmail(text),
  // "Remove symbols, letters, and any leading zeros"; always with the code of the country.
  ph: (text, country) => toE164(text, country)?.slice('+'.length),
  fn: letters,
  ln: letters,
  ge: (text) => /^\s*([fm])/i.exec(text)?.[1]?.toLowerCase(),
  // YYYYMMDD, of which an ISO 8601 date differs by its hyphens only.
  db: (text) => /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim())?.slice(1).join(''),
  ct: letters,
  st: letters,
  zp: (text, country) => zip(text, country),
  country: (text) => /^\s*([a-z]{2})\s*$/i.exec(text)?.[1]?.toLowerCase(),
  // In the form that Meta's newest library gives it before it hashes it (capi-param-builder-nodejs 1.3.2).
  external_id: (text) => text.trim().toLowerCase() || undefined,
} as const satisfies Readonly<Record<string, (text: string, country?: string) => string | undefined>>;

export type HashedKey = keyof typeof NORMALISE;

/**
 * Normalised and hashed. What is a hash already is not hashed again; its digits become the lower-case ones that Meta
 * compares (the page above), and a mark of Meta's libraries behind them, in which case counts, stays as it is.
 */
export function hashed(key: HashedKey, text: string, country?: string): string | undefined {
  const trimmed = text.trim();
  if (isSha256Hex(trimmed, { allowsMetaMark: true }))
    return trimmed.replace(/^[\dA-F]+/i, (digits) => digits.toLowerCase());
  const normalised = NORMALISE[key](trimmed, country);
  return normalised === undefined ? undefined : sha256Hex(normalised);
}

/** One form for letters that Unicode can write in two (`å`): they would hash to two values. */
function letters(text: string): string | undefined {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '') || undefined
  );
}

// "Lowercase with no spaces and no dash. Use only the first 5 digits for U.S. zip codes."
function zip(text: string, country: string | undefined): string | undefined {
  const bare = text.toLowerCase().replaceAll(/[\s-]/g, '');
  const isUs = country?.trim().toLowerCase() === 'us';
  return (isUs ? bare.slice(0, 5) : bare) || undefined;
}
