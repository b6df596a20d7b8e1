import { expect, test } from 'vitest';
import { authOf } from './auth.ts';
import { settingsSchema } from './settings.ts';

const pixel = { pixel_id: 'o8z6j', event_id: 'tw-o8z6j-o87ne' };
const oauth = { consumer_key: 'ck', consumer_secret: 'cs', access_token: 'tk', access_token_secret: 'ts' };
const request = {
  method: 'POST',
  url: 'https://ads-api.x.com/12/measurement/conversions/o8z6j',
  headers: {},
  body: '{}',
  nowMs: 1_700_000_000_000,
  nonce: 'nonce123',
  deliveryId: '1',
};

function refusedFields(settings: object): readonly unknown[] {
  return settingsSchema.safeParse(settings).error?.issues.map(({ path }) => path[0]) ?? [];
}

test('a connection has a token of the pixel or all four of OAuth, and is told what is wrong', () => {
  expect(refusedFields({ ...pixel, pixel_token: 'pt' })).toEqual([]);
  expect(refusedFields({ ...pixel, ...oauth })).toEqual([]);
  expect(refusedFields(pixel)).toEqual(Object.keys(oauth));
  expect(refusedFields({ ...pixel, ...oauth, consumer_secret: undefined })).toEqual(['consumer_secret']);
  expect(refusedFields({ ...pixel, pixel_token: 'pt', access_token: 'tk' })).toEqual(['access_token']);
});

test.each([
  [{ pixel_token: 'pt' }, 'x-pixel-token', /^pt$/],
  [oauth, 'authorization', /^OAuth oauth_consumer_key="ck"/],
])('calls carry the proof that the settings give: %j', (given, name, value) => {
  const auth = authOf(settingsSchema.parse({ ...pixel, ...given }));
  const headers = auth.kind === 'signed' ? auth.sign(request) : {};
  expect(Object.keys(headers)).toEqual([name]);
  expect(headers[name]).toMatch(value);
});
