/** Where the vendor is to send the browser back to, and whether this process can listen there. */
import { LinchpinError } from '../../kernel/errors.ts';
import type { Flag, Invocation } from '../command.ts';
import { textFlag } from '../command.ts';
import { readPort } from '../port-flag.ts';

export interface RedirectUri {
  /** As the app names it: vendors compare it to the letter. */
  readonly text: string;
  /** Where to listen for it; undefined for an address that is not on this machine. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
}

// HubSpot takes plain http for `localhost` alone, and compares the port too, unlike what RFC 8252 section 7.3 asks of
// vendors (its app configuration guide, read 2026-11). So the port is one that can be named there beforehand.
const PORT = 8400;
const PATH = '/oauth/callback';

export const REDIRECT_FLAGS: readonly Flag[] = [
  {
    flag: '--redirect-uri <address>',
    description: `a redirect address of the app, when it is not http://localhost:${String(PORT)}${PATH}`,
  },
  {
    flag: '--port <n>',
    description:
      'the port of the redirect address on localhost; 0 takes a free one, where the vendor allows it',
  },
];

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export function readRedirectUri(invocation: Invocation): RedirectUri {
  const port = readPort(invocation);
  const text = textFlag(invocation, 'redirectUri') ?? `http://localhost:${String(port ?? PORT)}${PATH}`;
  if (textFlag(invocation, 'redirectUri') !== undefined && port !== undefined) {
    throw invalid('--port is part of the address that --redirect-uri gives.');
  }
  if (!URL.canParse(text)) throw invalid(`${text} is not an address.`);
  const { protocol, hostname, port: given, hash } = new URL(text);
  // Browsers keep it to themselves, and RFC 6749 section 3.1.2 forbids it.
  if (hash !== '') throw invalid(`The redirect address ${text} has a fragment.`);
  const isHere = protocol === 'http:' && LOOPBACK.has(hostname);
  if (!isHere && protocol !== 'https:') {
    throw invalid(`The redirect address ${text} is neither https nor on this machine.`);
  }
  if (!isHere) return { text, listen: undefined };
  // Browsers try both of the addresses that `localhost` may stand for.
  const host = hostname === '[::1]' ? '::1' : '127.0.0.1';
  return { text, listen: { host, port: given === '' ? HTTP_PORT : Number(given) } };
}

const HTTP_PORT = 80;

function invalid(message: string): LinchpinError {
  return new LinchpinError('login.redirect_invalid', { message, field: '--redirect-uri' });
}
