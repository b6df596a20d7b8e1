/** What the suite of every connector does not ask of this one. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import Oauth from 'oauth-1.0a';
import { expect, test } from 'vitest';
import { authorizationHeader } from '../../src/connectors/x-ads/sign.ts';
import { Redacted } from '../../src/kernel/redacted.ts';

const secret = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 20 })
  .filter((text) => text.isWellFormed());
// No name that objects have by themselves: the other client keeps parameters in one.
const query = fc.array(
  fc.tuple(secret, secret).map(([name, value]): [string, string] => [`p${name}`, value]),
  { maxLength: 4 },
);

test('every call is signed as an independent client signs it', () => {
  fc.assert(
    fc.property(
      fc.tuple(secret, secret, secret, secret),
      query,
      fc.constantFrom('GET' as const, 'POST' as const),
      fc.integer({ min: 0, max: 4_000_000_000_000 }),
      ([consumerKey, consumerSecret, token, tokenSecret], parameters, method, nowMs) => {
        const search = new URLSearchParams(parameters).toString();
        const base = 'https://ads-api.x.com/12/measurement/conversions/o8z6j';
        const oauth = new Oauth({
          consumer: { key: consumerKey, secret: consumerSecret },
          signature_method: 'HMAC-SHA1',
          hash_function: (text, key) => createHmac('sha1', key).update(text).digest('base64'),
        });
        oauth.getNonce = () => 'nonce123';
        oauth.getTimeStamp = () => Math.floor(nowMs / 1000);
        // It takes the query as data, since of a repeated name in an address it keeps the last alone.
        const data: Record<string, string[]> = {};
        for (const [name, value] of parameters) (data[name] ??= []).push(value);
        const expected = oauth.authorize({ url: base, method, data }, { key: token, secret: tokenSecret });
        const header = authorizationHeader(
          { method, url: search === '' ? base : `${base}?${search}`, nowMs, nonce: 'nonce123' },
          {
            consumerKey: new Redacted(consumerKey),
            consumerSecret: new Redacted(consumerSecret),
            token: new Redacted(token),
            tokenSecret: new Redacted(tokenSecret),
          },
        );
        expect(header).toContain(`oauth_signature="${oauth.percentEncode(expected.oauth_signature)}"`);
      },
    ),
    { numRuns: 200 },
  );
});
