import { expect, test } from 'vitest';
import { signatureV1, signatureV2, signatureV3 } from './signatures.ts';

// The vectors of HubSpot's request validation guide (v1, v2) and of its clients' tests; v3 has no published vector:
// those values were computed apart from this code, by the published formula.
const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const url = 'https://www.example.com/webhook_uri';

test('the first signature is that of the guide', () => {
  const body =
    '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]';
  expect(signatureV1({ secret, body })).toBe(
    '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
  );
});

test.each([
  ['GET', '', 'eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e'],
  [
    'POST',
    '{"example_field":"example_value"}',
    '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
  ],
])('the second signature of a %s is that of the guide', (method, body, expected) => {
  expect(signatureV2({ secret, method, url, body })).toBe(expected);
});

test.each([
  ["{'example_field':'example_value'}", 1_693_657_560_000, 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='],
  ["{'example_field':'example_value'}", 1_700_000_300_000, 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='],
  ['{"example_field":"example_value"}', 1_693_657_560_000, 'oaA3M5dEtt6kFsseJD/Hv/x+JNl1vsoxFj4oxmwP6Go='],
])('the third signature covers method, address, body and time: %s at %d', (body, atMs, expected) => {
  expect(signatureV3({ secret, method: 'POST', url, body, atMs })).toBe(expected);
});

test('the third signature is made from the decoded address', () => {
  const sign = (target: string): string =>
    signatureV3({ secret, method: 'GET', url: target, body: '', atMs: 1 });
  expect(sign(`${url}?q=a%40b%2Cc`)).toBe(sign(`${url}?q=a@b,c`));
  expect(sign(`${url}?q=a%20b`)).not.toBe(sign(`${url}?q=a b`));
});
