import { expect, test } from 'vitest';
import { Redacted } from '../../kernel/redacted.ts';
import { authorizationHeader } from './sign.ts';

const keys = {
  consumerKey: new Redacted('ck'),
  consumerSecret: new Redacted('cs'),
  token: new Redacted('tk'),
  tokenSecret: new Redacted('ts'),
};

test('a call is signed as OAuth 1.0a asks, its JSON body left out', () => {
  const header = authorizationHeader(
    {
      method: 'POST',
      url: 'https://ads-api.x.com/12/measurement/conversions/o8z6j',
      nowMs: 1_700_000_000_999,
      nonce: 'nonce123',
    },
    keys,
  );
  // The signature is one that `oauth-1.0a` 2.2.6 made (2026-11).
  expect(header).toBe(
    'OAuth oauth_consumer_key="ck", oauth_nonce="nonce123", oauth_signature_method="HMAC-SHA1", ' +
      'oauth_timestamp="1700000000", oauth_token="tk", oauth_version="1.0", ' +
      'oauth_signature="WIaTyk4gKegCJUtxGum2OKdhJ2c%3D"',
  );
});
