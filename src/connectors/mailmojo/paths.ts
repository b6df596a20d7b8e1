/** Paths of https://mailmojo.dev (API 1.1, read 2026-11). Each ends in a slash: without it there is no such path. */
export const LISTS_PATH = '/v1/lists/';
export const ACCOUNT_PATH = '/v1/accounts/me/';

export function contactPath(email: string): string {
  return `/v1/contacts/${encodeURIComponent(email)}/`;
}

export function subscribersPath(listId: string): string {
  return `/v1/lists/${encodeURIComponent(listId)}/subscribers/`;
}

export function isContactPath(path: string): boolean {
  return /^\/v1\/contacts\/[^/]+\/$/.test(path);
}
