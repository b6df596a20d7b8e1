import type { EmulatorRequest } from '../core/index.ts';

/** What is wrong with a hit. The collector takes it all the same and never says so. */
export interface Violation {
  /** The parameter, `user-agent`, `method` or `path`. */
  readonly of: string;
  readonly text: string;
}

/** A hit as the collector reads it. */
export interface Hit {
  readonly at: string;
  readonly installation: string;
  /** 2 when it says `cv=1`, the conversion of the browser's own script. */
  readonly version: 1 | 2;
  readonly isConversion: boolean;
  readonly countsPageView: boolean;
  readonly url: string;
  readonly referrer: string | null;
  /** Split at pipes and at commas: the browser's script joins by comma, the server-side call by pipe. */
  readonly tags: readonly string[];
  readonly userAgent: string;
}

/**
 * Parameters seen on the wire of the browser's script (a publisher's tag manager extension with its tests, read 2026-11).
 * There is no public description of the server-to-server call.
 */
const KNOWN = new Set('i l cs cv nopv _h _s _m u r c ptl psn ptp cntt success_id order_id'.split(' '));

export function readHit({ query, headers, at }: EmulatorRequest): Hit {
  return {
    at: new Date(at).toISOString(),
    installation: query.get('i') ?? '',
    version: query.get('cv') === '1' ? 2 : 1,
    isConversion: query.get('cs') === '1',
    countsPageView: query.get('nopv') !== '1',
    url: query.get('u') ?? '',
    referrer: query.get('r'),
    tags: (query.get('cntt') ?? '').split(/[|,]/).filter((tag) => tag !== ''),
    userAgent: headers['user-agent'] ?? '',
  };
}

/** What a careful reader would say of a hit that is meant as a conversion. */
export function judgeHit(request: EmulatorRequest, installations: ReadonlySet<string>): readonly Violation[] {
  const { query, headers, body } = request;
  const violations: Violation[] = [];
  const complain = (of: string, text: string): void => {
    violations.push({ of, text });
  };
  for (const name of new Set(query.keys())) {
    if (!KNOWN.has(name)) complain(name, 'is not a known parameter');
    if (query.getAll(name).length > 1) complain(name, 'is given more than once');
  }
  const installation = query.get('i');
  if (installation === null) complain('i', 'is missing');
  else if (!/^[0-9a-f]{24}$/.test(installation)) complain('i', 'is not 24 hexadecimal digits');
  else if (!installations.has(installation)) complain('i', 'is not an installation of this emulator');
  if (query.get('l') !== 'p') complain('l', 'is not p, a page view');
  if (query.get('cs') !== '1') complain('cs', 'is not 1, so this is no conversion');
  if (query.get('nopv') !== '1') complain('nopv', 'is not 1, so this counts as a page view');
  if ((query.get('cv') === '1') !== (query.get('_s') === 'conversion'))
    complain('cv', 'version 2 says cv=1 and _s=conversion, version 1 neither');
  if (!isPage(query.get('u'))) complain('u', 'is not the address of a page');
  if (query.has('r') && !isPage(query.get('r'))) complain('r', 'is not the address of a page');
  if (query.has('cntt') && (query.get('cntt') ?? '').split('|').includes(''))
    complain('cntt', 'has an empty slot');
  // A collector for browsers may drop what says that it is none; that this one does is assumed.
  if (headers['user-agent']?.startsWith('Mozilla/5.0 (') !== true)
    complain('user-agent', 'is not one of a browser');
  if (body.length > 0) complain('method', 'a pixel has no body');
  return violations;
}

function isPage(text: string | null): boolean {
  return text !== null && /^https?:\/\//.test(text) && URL.canParse(text);
}
