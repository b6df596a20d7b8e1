import type { ConversionInput } from './conversion-input.ts';
import type { Settings } from './settings.ts';

/**
 * The query of a conversion. No description of the server-to-server call is public. These names are those of the
 * browser's own script, as seen on the wire; what the versions differ in, and that tags are one entry joined by pipes,
 * is inferred of them and of the platform's page (developers.sesamy.com/integrations/built-in/kilkaya.html; confidence
 * low, 2026-11).
 */
export function conversionQuery(
  { tags, url, referrer }: ConversionInput,
  { key, version, default_domain }: Pick<Settings, 'key' | 'version' | 'default_domain'>,
): Readonly<Record<string, string>> {
  return {
    i: key,
    // A page view that is a conversion, and that does not count as a view.
    l: 'p',
    cs: '1',
    nopv: '1',
    ...(version === 2 ? { cv: '1', _s: 'conversion' } : {}),
    u: url ?? default_domain,
    ...(referrer === undefined ? {} : { r: referrer }),
    ...(tags.length === 0 ? {} : { cntt: tags.join(SEPARATOR) }),
  };
}

/** Between tags, so that no tag can hold one. */
export const SEPARATOR = '|';
