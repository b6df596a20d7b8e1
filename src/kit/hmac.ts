import { createHmac } from 'node:crypto';

/** The HMAC of a text (RFC 2104), in base64: what signatures of calls are made of. */
export function hmac(algorithm: 'sha1' | 'sha256', key: Uint8Array | string, text: string): string {
  return createHmac(algorithm, key).update(text).digest('base64');
}
