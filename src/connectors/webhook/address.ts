/** The address of a receiver: what may stand in it, and how a call is put below it. */
import { isPrivateLiteral } from '../../kit/index.ts';

/**
 * Why an address cannot be that of a receiver on the internet; `undefined` when it can. Only what can be seen in the
 * text: to what a name leads is judged when the connection is made.
 */
export function addressFault(address: string, allowsPrivate: boolean): string | undefined {
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    return 'A user and password in an address show in every record. Put them into headers.';
  }
  if (url.hash !== '') return 'What follows a # is never sent.';
  if (allowsPrivate) return undefined;
  if (url.protocol !== 'https:') return `Use https, or set allow_private_addresses: true.`;
  if (isPrivateLiteral(url.hostname)) {
    return 'This address is none of the public internet. Set allow_private_addresses: true to call it.';
  }
  if (isInternalName(url.hostname)) {
    return 'This name is one of a private network. Set allow_private_addresses: true to call it.';
  }
  // Ports of other services speak other protocols, which a request can be made to look like.
  if (url.port !== '' && Number(url.port) < FREE_PORT_MIN)
    return 'Of the ports below 1024 only 443 is called.';
  return undefined;
}

const FREE_PORT_MIN = 1024;

/** Names that no public server has: RFC 6761 and 6762, ICANN's `.internal`, and names without a dot. */
function isInternalName(host: string): boolean {
  if (host.startsWith('[')) return false;
  const name = host.replace(/\.$/, '');
  return !name.includes('.') || /\.(localhost|local|internal)$/.test(name);
}

/** The part of an address that stands before the path. */
export function originOf(address: string): string {
  return new URL(address).origin;
}

/** Path and query of the address itself. */
export function targetOf(address: string): string {
  const { pathname, search } = new URL(address);
  return `${pathname}${search}`;
}

/**
 * Path and query of a call below the address. `undefined` when the path would lead out of it: what an event says decides
 * nothing above the address.
 */
export function targetBelow(
  address: string,
  path: string,
  query: Readonly<Record<string, string | number | boolean>>,
): string | undefined {
  const { pathname, search } = new URL(address);
  const below =
    path === '' ? pathname : `${pathname.replace(/\/$/, '')}${path.startsWith('/') ? '' : '/'}${path}`;
  const made = new URL(`https://receiver.invalid${below}`);
  if (hasDotSegment(below) || made.search !== '' || made.hash !== '') return undefined;
  const added = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  const joined = [search.slice(1), added].filter((part) => part !== '').join('&');
  return `${made.pathname}${joined === '' ? '' : `?${joined}`}`;
}

/** `..` in any spelling: servers resolve it, some of them after they have decided who may pass. */
function hasDotSegment(path: string): boolean {
  return path.split(/[/\\]/).some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
}
