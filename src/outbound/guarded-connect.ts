/**
 * Keeps calls from reaching addresses inside the operator's network by way of a vendor's name: an address
 * is judged when the connection is made, on the very address that is used, so a name that resolves
 * differently the second time gains nothing.
 */
import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { buildConnector } from 'undici';

export class ForbiddenAddress extends Error {
  constructor(host: string) {
    super(`${host} is not a public address.`);
    this.name = 'ForbiddenAddress';
  }
}

/** True for addresses of the public internet; false for loopback, private, link-local, mapped and the like. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Only 2000::/3 is given out (iana.org/assignments/ipv6-address-space, 2026-11). The rest counts as unicast
  // too, ::/96 among it, which some systems still route to the IPv4 address inside.
  return parsed instanceof ipaddr.IPv4 || ((parsed.parts[0] ?? 0) & 0xe000) === 0x2000;
}

/** An undici connector that refuses every address that is not public. */
export function guardedConnector(): buildConnector.connector {
  const connect = buildConnector({ lookup: publicLookup });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // Node skips the lookup for literal addresses, so they are judged here.
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      callback(new ForbiddenAddress(host), null);
      return;
    }
    connect(options, (...answer) => {
      const [error, socket] = answer;
      if (error === null && !isPublicAddress(socket.remoteAddress ?? '')) {
        socket.destroy();
        callback(new ForbiddenAddress(host), null);
        return;
      }
      callback(...answer);
    });
  };
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, []);
    } else if (addresses.some(({ address }) => !isPublicAddress(address))) {
      callback(new ForbiddenAddress(hostname), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      // A successful lookup holds at least one address.
      const [first] = addresses as [LookupAddress, ...LookupAddress[]];
      callback(null, first.address, first.family);
    }
  });
};
