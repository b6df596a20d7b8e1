import { expect, test } from 'vitest';
import { sha256Hex } from '../../kit/index.ts';
import { conversionInputSchema } from './conversion-input.ts';
import { toConversion } from './conversion.ts';

function identifiersOf(identifiers: object): unknown {
  const input = conversionInputSchema.parse({
    conversion_id: 'checkout_1',
    conversion_time: '2026-11-21T11:00:00Z',
    identifiers,
  });
  return toConversion(input, 'o87ne')?.['identifiers'];
}

// Computed apart from this code (2026-11). The page of X shows the first hash beside `test@x.com`, whose is the second.
const TWITTER = 'd360d510a224510f373931ce2d6215a799f5a9c1cef221b0149b6b6b50cced62';
const X = '5806dc6b2f04fb728708a8f7b81c14edcd4fba36f77914cf0c9368d9a3a25f76';

test.each<[string, object, unknown]>([
  ['an address', { email: ' Test@Twitter.com' }, [{ hashed_email: TWITTER }]],
  ['another address', { email: 'test@x.com' }, [{ hashed_email: X }]],
  [
    'a phone number, with its plus',
    { phone: '070-123 45 67', country: 'SE' },
    [{ hashed_phone_number: sha256Hex('+46701234567') }],
  ],
  [
    'what is hashed already',
    { email: X.toUpperCase(), phone: X },
    [{ hashed_email: X }, { hashed_phone_number: X }],
  ],
  ['a click', { twclid: 'abc', ip_address: '192.0.2.7' }, [{ twclid: 'abc' }]],
  [
    'a browser and where it is',
    { ip_address: '192.0.2.7', user_agent: 'Mozilla/5.0' },
    [{ ip_address: '192.0.2.7', user_agent: 'Mozilla/5.0' }],
  ],
])('%s identifies', (_what, given, expected) => {
  expect(identifiersOf(given)).toEqual(expected);
});

test.each<[string, object]>([
  ['nothing', {}],
  ['no address and no number', { email: 'nobody', phone: '070-123 45 67' }],
  ['an IP address alone', { ip_address: '192.0.2.7' }],
  ['a browser alone', { user_agent: 'Mozilla/5.0' }],
])('%s does not', (_what, given) => {
  expect(identifiersOf(given)).toBeUndefined();
});
