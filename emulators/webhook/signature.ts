/**
 * The receiver's side of Standard Webhooks 1.0.0, read from its text and not from what senders do:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (read 2026-11).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Signed {
  readonly headers: IncomingHttpHeaders;
  /** As it came: a body that was parsed and written again is another one. */
  readonly body: Buffer;
  readonly atMs: number;
}

// "Verify the timestamp … within tolerance": the reference libraries allow five minutes either way.
const TOLERANCE_S = 300;
const SECRET_PREFIX = 'whsec_';

/** What is wrong with the signature; `undefined` when nothing is. */
export function signatureFault(
  { headers, body, atMs }: Signed,
  secrets: readonly string[],
): string | undefined {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signature = headerOf(headers, 'webhook-signature');
  if (id === undefined) return 'webhook-id is missing';
  if (timestamp === undefined) return 'webhook-timestamp is missing';
  if (signature === undefined) return 'webhook-signature is missing';
  if (id.includes('.')) return 'webhook-id holds a full stop, which parts the signed text';
  if (!/^\d+$/.test(timestamp)) return 'webhook-timestamp is not in whole seconds';
  const ageS = Math.floor(atMs / 1000) - Number(timestamp);
  if (Math.abs(ageS) > TOLERANCE_S) return `webhook-timestamp is ${String(ageS)} s old`;
  const signedText = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const expected = secrets.map((secret) =>
    createHmac('sha256', keyOf(secret)).update(signedText).digest('base64'),
  );
  const given = signature
    .split(' ')
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => entry.slice('v1,'.length));
  const isMatch = given.some((one) => expected.some((other) => isSame(one, other)));
  return isMatch ? undefined : 'no entry of webhook-signature fits a secret of this endpoint';
}

/** How many v1 entries there are: two while a secret is being changed for another. */
export function signatureCount(headers: IncomingHttpHeaders): number {
  return (headerOf(headers, 'webhook-signature') ?? '').split(' ').filter((entry) => entry.startsWith('v1,'))
    .length;
}

function keyOf(secret: string): Buffer {
  return Buffer.from(
    secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret,
    'base64',
  );
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
