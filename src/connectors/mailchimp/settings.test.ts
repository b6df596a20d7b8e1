import { expect, test } from 'vitest';
import { apiUrl, settingsSchema } from './settings.ts';

test('the key names the data centre, unless another address is given', () => {
  const key = { api_key: '0123456789abcdef-us6', list_id: 'a1' };
  expect(apiUrl(settingsSchema.parse(key))).toBe('https://us6.api.mailchimp.com');
  const base_url = 'http://127.0.0.1:4030';
  expect(apiUrl(settingsSchema.parse({ ...key, base_url }))).toBe(base_url);
});

test.each(['0123456789abcdef', 'key-', 'key-evil.example/us6', 'key-us6.evil.example'])(
  'a key without a data centre is refused: %s',
  (api_key) => {
    const { error } = settingsSchema.safeParse({ api_key, list_id: 'a1' });
    expect(error?.issues.map(({ path }) => path)).toEqual([['api_key']]);
  },
);
