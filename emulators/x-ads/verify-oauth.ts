import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EmulatorRequest } from '../core/index.ts';
import type { XAdsState } from './state.ts';

/** What an `authorization` header of OAuth 1.0a says, decoded. */
type OauthFields = ReadonlyMap<string, string>;

/**
 * Whose call it is: RFC 5849 section 3.2, HMAC-SHA1. `undefined` when the header is missing or broken, the keys are
 * unknown, the nonce was used before or the signature does not fit.
 */
export function userOf(request: EmulatorRequest, state: XAdsState): string | undefined {
  const fields = readHeader(request.headers.authorization ?? '');
  const consumerSecret = state.consumers.get(fields.get('oauth_consumer_key') ?? '');
  const token = fields.get('oauth_token') ?? '';
  const user = state.users.get(token);
  if (consumerSecret === undefined || user === undefined) return undefined;
  if (fields.get('oauth_signature_method') !== 'HMAC-SHA1') return undefined;
  if ((fields.get('oauth_version') ?? '1.0') !== '1.0') return undefined;
  if (!isFresh(fields, state)) return undefined;
  const key = `${encode(consumerSecret)}&${encode(user.secret)}`;
  const expected = createHmac('sha1', key).update(baseString(request, fields)).digest();
  const given = Buffer.from(fields.get('oauth_signature') ?? '', 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}

function isFresh(fields: OauthFields, state: XAdsState): boolean {
  const timestamp = Number(fields.get('oauth_timestamp') ?? Number.NaN);
  const nonce = fields.get('oauth_nonce') ?? '';
  if (!Number.isInteger(timestamp) || nonce === '') return false;
  const { clockSkewMsMax } = state.switches;
  if (clockSkewMsMax !== null && Math.abs(state.nowMs() - timestamp * 1000) > clockSkewMsMax) return false;
  const used = `${String(timestamp)} ${nonce}`;
  if (state.nonces.has(used)) return false;
  state.nonces.add(used);
  return true;
}

/** The address is the one the client called, whose host it names itself. */
function baseString(request: EmulatorRequest, fields: OauthFields): string {
  const address = `http://${request.headers.host ?? ''}${request.path}`;
  const signed = [...fields].filter(([name]) => name !== 'oauth_signature' && name !== 'realm');
  const parameters = [...signed, ...request.query]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  return [request.method, address, parameters].map(encode).join('&');
}

function readHeader(header: string): OauthFields {
  if (!/^OAuth\s/i.test(header)) return new Map();
  return new Map(
    [...header.matchAll(/([\w]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decode(value)]),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape: no key has this name, and no signature this value.
    return text;
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
