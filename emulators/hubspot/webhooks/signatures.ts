import { createHash, createHmac } from 'node:crypto';

interface Signed {
  readonly secret: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly atMs: number;
}

// What the third version decodes in the address before it is hashed (request validation guide, 2026-04).
const DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

export function signatureV1({ secret, body }: Pick<Signed, 'secret' | 'body'>): string {
  return createHash('sha256')
    .update(secret + body)
    .digest('hex');
}

export function signatureV2({ secret, method, url, body }: Omit<Signed, 'atMs'>): string {
  return createHash('sha256')
    .update(secret + method + url + body)
    .digest('hex');
}

export function signatureV3({ secret, method, url, body, atMs }: Signed): string {
  const decoded = url.replaceAll(/%[\dA-F]{2}/gi, (code) => DECODED[code.toUpperCase()] ?? code);
  return createHmac('sha256', secret)
    .update(method + decoded + body + String(atMs))
    .digest('base64');
}

/** A webhook carries one of the older signatures and, beside it, the third. */
export function signatureHeaders(message: Signed, older: 'v1' | 'v2'): Record<string, string> {
  return {
    'x-hubspot-signature': older === 'v1' ? signatureV1(message) : signatureV2(message),
    'x-hubspot-signature-version': older,
    'x-hubspot-signature-v3': signatureV3(message),
    'x-hubspot-request-timestamp': String(message.atMs),
  };
}
