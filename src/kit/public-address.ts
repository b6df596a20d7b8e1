/**
 * Which addresses belong to the public internet. The one rule for what is refused in a configuration and for what is not
 * connected to, so that they cannot disagree. Pure: to what a name leads is not known here.
 */
import ipaddr from 'ipaddr.js';

/** True for addresses of the public internet; false for loopback, private, link-local, mapped and the like. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  // Only 2000::/3 is given out (iana.org/assignments/ipv6-address-space, 2026-11). The rest counts as unicast
  // too, ::/96 among it, which some systems still route to the IPv4 address inside.
  return parsed instanceof ipaddr.IPv4 || ((parsed.parts[0] ?? 0) & 0xe000) === 0x2000;
}

/** True for the host of a URL that is written as an address, and is not a public one; false for every name. */
export function isPrivateLiteral(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  // No name has a colon, so that what has one and cannot be read is refused too.
  const isLiteral = address.includes(':') || ipaddr.IPv4.isValid(address);
  return isLiteral && !isPublicAddress(address);
}
