/**
 * Keeps calls from reaching addresses inside the operator's network by way of a vendor's name: an address
 * is judged when the connection is made, on the very address that is used, so a name that resolves
 * differently the second time gains nothing.
 */
import { lookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { isPrivateLiteral, isPublicAddress } from '../kit/index.ts';

export class ForbiddenAddress extends Error {
  constructor(host: string) {
    super(`${host} is not a public address.`);
    this.name = 'ForbiddenAddress';
  }
}

/** An undici connector that refuses every address that is not public. */
export function guardedConnector(): buildConnector.connector {
  const connect = buildConnector({ lookup: publicLookup });
  return (options, callback) => {
    const host = options.hostname;
    // Node skips the lookup for literal addresses, so they are judged here.
    if (isPrivateLiteral(host)) {
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
