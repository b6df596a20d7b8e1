/** The secret of an endpoint as Standard Webhooks writes it (signing.ts): `whsec_` and base64. */
import type { Redacted } from '../../kernel/redacted.ts';

const SECRET_PREFIX = 'whsec_';

/** The bytes that sign, of a secret with or without its prefix. */
export function keyOf(secret: Redacted): Uint8Array {
  const text = secret.reveal();
  return Buffer.from(text.startsWith(SECRET_PREFIX) ? text.slice(SECRET_PREFIX.length) : text, 'base64');
}

// "between 24 bytes (192 bits) and 64 bytes (512 bits)", same text.
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;
const BASE64 = /^(?:whsec_)?[A-Za-z0-9+/]+={0,2}$/;

/** Whether a text can be the secret of an endpoint. */
export function isSigningSecret(secret: Redacted): boolean {
  const { length } = keyOf(secret);
  return BASE64.test(secret.reveal()) && length >= KEY_BYTES_MIN && length <= KEY_BYTES_MAX;
}
