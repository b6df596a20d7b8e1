/**
 * Standard Webhooks 1.0.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * (read 2026-11). The receiver proves with it who sent a message, and that it is new.
 */
import type { Redacted } from '../../kernel/redacted.ts';
import { hmac } from '../../kit/index.ts';
import type { Auth, UnsignedRequest } from '../../kit/index.ts';
import type { Settings } from './settings.ts';
import { keyOf } from './signing-secret.ts';

/** The headers of the configuration, and those that sign the call; the configured ones prove the sender too. */
export function authOf(settings: Settings): Auth {
  const headers = Object.fromEntries(
    Object.entries(settings.headers).map(([name, value]) => [name, value.reveal()]),
  );
  return { kind: 'signed', sign: (request) => ({ ...headers, ...signatureOf(request, settings) }) };
}

function signatureOf(
  { deliveryId, nowMs, body }: UnsignedRequest,
  settings: Settings,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const signedText = `${deliveryId}.${timestamp}.${body}`;
  const signatures = secretsAt(settings, nowMs).map(
    (secret) => `v1,${hmac('sha256', keyOf(secret), signedText)}`,
  );
  return {
    'webhook-id': deliveryId,
    'webhook-timestamp': timestamp,
    ...(signatures.length === 0 ? {} : { 'webhook-signature': signatures.join(' ') }),
  };
}

/** The newer first. While a secret is being changed for another, either side of the change can check. */
function secretsAt(
  { secret, previous_secret, previous_secret_until }: Settings,
  nowMs: number,
): readonly Redacted[] {
  const isOverlap = previous_secret_until !== undefined && nowMs < Date.parse(previous_secret_until);
  return [secret, isOverlap ? previous_secret : undefined].filter((each) => each !== undefined);
}
