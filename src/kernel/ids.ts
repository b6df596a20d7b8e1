import { randomBytes } from 'node:crypto';

/**
 * An id that sorts by creation time: the prefix, nine base-36 digits of milliseconds (enough until the
 * year 5188) and 80 random bits. Used where Linchpin must name something itself, for example an event
 * whose sender gave no message id.
 */
export function makeId(prefix: string, nowMs: number): string {
  return `${prefix}_${nowMs.toString(36).padStart(9, '0')}${randomBytes(10).toString('hex')}`;
}

/** 32 random hexadecimal digits, for what must never be the same twice. */
export function makeNonce(): string {
  return randomBytes(16).toString('hex');
}
