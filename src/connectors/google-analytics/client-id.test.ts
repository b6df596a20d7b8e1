import { expect, test } from 'vitest';
import { clientIdOfCookie, clientIdOf } from './client-id.ts';

test.each([
  ['GA1.1.1234567890.1700000000', '1234567890.1700000000'],
  ['GA1.2.1234567890.1700000000', '1234567890.1700000000'],
  ['GA1.2-2.1234567890.1700000000', '1234567890.1700000000'],
  ['1234567890.1700000000', '1234567890.1700000000'],
  ['GA1.1.amp-3hR9mQ', undefined],
  ['GS1.1.1700000000.1.1.1700000001.0.0.0', undefined],
  ['nonsense', undefined],
  ['', undefined],
])('of the cookie %j the client is %j', (cookie, clientId) => {
  expect(clientIdOfCookie(cookie)).toBe(clientId);
});

test('a person without a cookie is always the same client, in the form of a browser, and no other person is it', () => {
  expect(clientIdOf('email|u1')).toMatch(/^\d{1,10}\.\d{1,10}$/);
  expect(clientIdOf('email|u1')).toBe(clientIdOf('email|u1'));
  expect(clientIdOf('email|u2')).not.toBe(clientIdOf('email|u1'));
  expect(clientIdOfCookie(clientIdOf('email|u1'))).toBe(clientIdOf('email|u1'));
});
