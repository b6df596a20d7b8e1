import { expect, test } from 'vitest';
import { secretFields } from '../../kit/index.ts';
import { settingsSchema } from './settings.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const UNTIL = '2026-11-22T12:00:00Z';

/** The path and the reason of the first complaint. */
function complaint(settings: Readonly<Record<string, unknown>>): readonly string[] {
  const { error } = settingsSchema.safeParse({ url: 'https://hooks.example.com/in', ...settings });
  const [issue] = error?.issues ?? [];
  return issue === undefined ? [] : [issue.path.join('.'), issue.message];
}

test('an address alone is enough', () => {
  expect(settingsSchema.parse({ url: 'https://hooks.example.com/in' })).toEqual({
    url: 'https://hooks.example.com/in',
    headers: {},
    calls_per_second: 50,
    allow_private_addresses: false,
  });
});

test('secrets and the values of headers are kept secret', () => {
  expect(secretFields(settingsSchema)).toEqual(['headers', 'secret', 'previous_secret']);
  const settings = settingsSchema.parse({
    url: 'https://hooks.example.com/in',
    headers: { Authorization: 'Bearer t0p' },
    secret: SECRET,
  });
  expect(JSON.stringify(settings)).not.toMatch(/t0p|MfKQ/);
});

test.each([
  ['http://hooks.example.com/in', /Use https/],
  ['https://user:pass@hooks.example.com/in', /user and password/],
  ['https://hooks.example.com/in#part', /never sent/],
  ['https://localhost/in', /private network/],
  ['https://receiver/in', /private network/],
  ['https://receiver.local/in', /private network/],
  ['https://metadata.google.internal/', /private network/],
  ['https://metadata.google.internal./', /private network/],
  ['https://127.0.0.1/', /public internet/],
  ['https://10.0.0.1:8443/', /public internet/],
  ['https://[::1]/', /public internet/],
  ['https://[::ffff:169.254.169.254]/', /public internet/],
  ['https://2130706433/', /public internet/],
  ['https://hooks.example.com:22/in', /only 443/],
  ['ftp://hooks.example.com/in', /URL/],
  ['hooks.example.com/in', /URL/],
  ['https://', /URL/],
])('the address %s is refused', (url, reason) => {
  expect(complaint({ url })).toEqual(['url', expect.stringMatching(reason) as string]);
});

test.each([
  'https://hooks.example.com',
  'https://hooks.example.com:8443/in?a=1',
  'https://[2606:4700::1111]/',
  'https://8.8.8.8/',
])('the address %s is taken', (url) => {
  expect(complaint({ url })).toEqual([]);
});

test.each(['http://10.0.0.5:80/in', 'http://receiver:8080/in', 'http://127.0.0.1:4030/in'])(
  'the address %s is taken where private ones are allowed',
  (url) => {
    expect(complaint({ url, allow_private_addresses: true })).toEqual([]);
  },
);

test.each([
  ['Host', 'x', /sets host itself/],
  ['Transfer-Encoding', 'chunked', /sets transfer-encoding itself/],
  ['Connection', 'close', /sets connection itself/],
  ['Content-Type', 'text/plain', /follows from what is sent/],
  ['Webhook-Signature', 'v1,x', /belongs to the signature/],
  ['svix-id', 'x', /belongs to the signature/],
  ['X Name', 'x', /no name of a header/],
  ['X-Name', 'a\r\nX-Other: b', /one line/],
  ['X-Name', 'å', /one line of ASCII/],
])('the header %s: %s is refused, without a word of its value', (name, value, reason) => {
  const [path, message = ''] = complaint({ headers: { [name]: value } });
  expect(path).toBe(`headers.${name}`);
  expect(message).toMatch(reason);
});

test.each([
  [{ secret: ' ' }, 'secret'],
  [{ secret: 'too short' }, 'secret'],
  [{ headers: { Authorization: '' } }, 'headers.Authorization'],
  [{ secret: 'whsec_c2hvcnQ=' }, 'secret'],
  [{ secret: `whsec_${'A'.repeat(120)}` }, 'secret'],
  [{ previous_secret: SECRET, previous_secret_until: UNTIL }, 'secret'],
  [{ secret: SECRET, previous_secret: SECRET }, 'previous_secret_until'],
  [{ secret: SECRET, previous_secret_until: UNTIL }, 'previous_secret'],
  [{ secret: SECRET, previous_secret: 'x', previous_secret_until: UNTIL }, 'previous_secret'],
])('a rotation that cannot work is refused: %o', (settings, field) => {
  expect(complaint(settings)[0]).toBe(field);
});

test('a secret is taken with and without its prefix', () => {
  expect(complaint({ secret: SECRET })).toEqual([]);
  expect(complaint({ secret: SECRET.slice('whsec_'.length) })).toEqual([]);
});
