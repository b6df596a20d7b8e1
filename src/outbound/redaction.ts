/**
 * Takes secrets out of text that is kept or shown, in every spelling in which a request or an answer can
 * carry them: as they are, percent-encoded, form-encoded, and escaped inside JSON.
 */
import { Redacted } from '../kernel/redacted.ts';

export type Redact = (text: string) => string;

// A shorter secret would tear holes into ordinary text.
const SECRET_CHARACTERS_MIN = 4;

// A whole `authorization` header may be a secret of the settings; an answer may quote the credential in it alone.
const SCHEME = /^(?:Bearer|Basic|Token|ApiKey) +(\S+)$/i;

export function makeRedact(secrets: readonly Redacted[]): Redact {
  const hidden = secrets
    .map((secret) => secret.reveal())
    .flatMap((value) => [value, SCHEME.exec(value)?.[1] ?? value])
    .filter((value) => value.length >= SECRET_CHARACTERS_MIN)
    .flatMap(spellingsOf)
    // Longest first: a secret that begins with another one must not lose its beginning only.
    .sort((a, b) => b.length - a.length);
  const distinct = [...new Set(hidden)];
  return (text) => distinct.reduce((result, value) => result.replaceAll(value, '[redacted]'), text);
}

/** Every secret among the settings of a connection, those that are kept by name included. */
export function secretsOf(settings: unknown): readonly Redacted[] {
  if (settings instanceof Redacted) return [settings];
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.values(settings).flatMap(secretsOf);
}

function spellingsOf(value: string): readonly string[] {
  const wellFormed = value.toWellFormed(); // encodeURIComponent refuses half a surrogate pair.
  return [
    value,
    encodeURIComponent(wellFormed),
    new URLSearchParams({ v: wellFormed }).toString().slice('v='.length),
    JSON.stringify(value).slice(1, -1),
  ];
}
