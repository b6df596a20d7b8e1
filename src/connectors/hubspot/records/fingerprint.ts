/**
 * What the no-op cache keeps of a value: four characters instead of the value itself, so that a quarter of a million
 * records fit into memory and no personal data lies in it. 64 bits of a 53-bit quality hash: that two values of one
 * property share a fingerprint, and a change is taken for none, is not expected in the life of an installation.
 */

/** The fingerprint of the empty text, and of no other. */
export const EMPTY = '\0\0\0\0';

// Multipliers and final mixing of cyrb53 (public domain, github.com/bryc/code, jshash), two lanes of 32 bits.
const LANE_1 = 2_654_435_761;
const LANE_2 = 1_597_334_677;
const MIX_1 = 2_246_822_507;
const MIX_2 = 3_266_489_909;

export function fingerprint(text: string): string {
  if (text === '') return EMPTY;
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, LANE_1);
    b = Math.imul(b ^ code, LANE_2);
  }
  a = Math.imul(a ^ (a >>> 16), MIX_1) ^ Math.imul(b ^ (b >>> 13), MIX_2);
  b = Math.imul(b ^ (b >>> 16), MIX_1) ^ Math.imul(a ^ (a >>> 13), MIX_2);
  const packed = String.fromCharCode(a >>> 16, a & 0xffff, b >>> 16, b & 0xffff);
  return packed === EMPTY ? '\0\0\0\u0001' : packed;
}

const NUMBER = new Float64Array(1);
const UNITS = new Uint16Array(NUMBER.buffer);

/** A number as four characters, exactly. */
export function packNumber(value: number): string {
  NUMBER[0] = value;
  return String.fromCharCode(...UNITS);
}

export function unpackNumber(packed: string): number {
  for (let index = 0; index < UNITS.length; index += 1) UNITS[index] = packed.charCodeAt(index);
  return NUMBER[0] ?? 0;
}
