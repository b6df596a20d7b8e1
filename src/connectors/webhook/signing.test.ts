import { expect, test } from 'vitest';
import type { UnsignedRequest } from '../../kit/index.ts';
import { settingsSchema } from './settings.ts';
import { authOf } from './signing.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const PREVIOUS = 'whsec_QjSK9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function headersOf(settings: Readonly<Record<string, unknown>>, change: Partial<UnsignedRequest> = {}) {
  const auth = authOf(settingsSchema.parse({ url: 'https://hooks.example.com/in', ...settings }));
  if (auth.kind !== 'signed') throw new TypeError(auth.kind);
  return auth.sign({
    method: 'POST',
    url: 'https://hooks.example.com/in',
    headers: {},
    body: '{"test": 2432232314}',
    nowMs: 1_614_265_330_999,
    nonce: '0'.repeat(32),
    deliveryId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    ...change,
  });
}

test('the example of the Standard Webhooks libraries is signed as they sign it', () => {
  expect(headersOf({ secret: SECRET })).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('both secrets sign until the previous one ends, and then one', () => {
  const until = '2026-11-22T13:00:00+01:00';
  const rotation = { secret: SECRET, previous_secret: PREVIOUS, previous_secret_until: until };
  const endMs = Date.parse(until);
  const alone = (secret: string, nowMs: number) => headersOf({ secret }, { nowMs })['webhook-signature'];
  expect(headersOf(rotation, { nowMs: endMs - 1 })['webhook-signature']).toBe(
    `${alone(SECRET, endMs - 1) ?? ''} ${alone(PREVIOUS, endMs - 1) ?? ''}`,
  );
  expect(headersOf(rotation, { nowMs: endMs })['webhook-signature']).toBe(alone(SECRET, endMs));
});

test('without a secret a message still has its id and the time of the attempt', () => {
  expect(Object.keys(headersOf({}))).toEqual(['webhook-id', 'webhook-timestamp']);
});

test('the headers of the configuration come along', () => {
  expect(headersOf({ headers: { Authorization: 'Bearer t', 'X-Env': 'prod' } })).toMatchObject({
    Authorization: 'Bearer t',
    'X-Env': 'prod',
  });
});
