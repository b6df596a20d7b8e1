import { md5Hex } from '../../kit/index.ts';

export function listPath(list: string): string {
  return `/3.0/lists/${encodeURIComponent(list)}`;
}

/** A member is known by the MD5 of the address in lower case, so that paths hold no address. */
export function memberHash(email: string): string {
  return md5Hex(email.toLowerCase());
}

export function memberPath(list: string, email: string): string {
  return `${listPath(list)}/members/${memberHash(email)}`;
}
