import { sha256Hex } from '../../kit/index.ts';

/** `GA1.1.1234567890.1700000000`: version, depth of the domain, and the two numbers that are the client's id. */
const COOKIE = /^GA\d\.\d+(?:-\d+)?\.(\d+\.\d+)$/;
const BARE = /^\d+\.\d+$/;

/** The client of a browser, as its `_ga` cookie holds it; `undefined` for what is no such cookie. */
export function clientIdOfCookie(cookie: string): string | undefined {
  if (BARE.test(cookie)) return cookie;
  return COOKIE.exec(cookie)?.[1];
}

// Eight hexadecimal digits are 32 bits, as many as the browser's library draws for the first number.
const DIGITS = 8;

/**
 * A client for somebody whose browser is not known, made of an id: of one id always the same, in the form of a browser's.
 * Google then sees one more client per id, which it cannot join with sessions of the site.
 */
export function clientIdOf(id: string): string {
  const hash = sha256Hex(`google-analytics client ${id}`);
  const number = (from: number): string => String(Number.parseInt(hash.slice(from, from + DIGITS), 16));
  return `${number(0)}.${number(DIGITS)}`;
}
