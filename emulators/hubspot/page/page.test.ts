import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN, startHubspotEmulator } from '../index.ts';
import type { HubspotEmulator } from '../index.ts';

let emulator: HubspotEmulator;

beforeAll(async () => {
  emulator = await startHubspotEmulator();
  emulator.admin.seed({
    portals: [
      {
        portalId: DEFAULT_PORTAL_ID,
        contacts: [{ properties: { email: 'ada@example.com', firstname: '<script>alert("&")</script>' } }],
      },
    ],
  });
});
afterAll(() => emulator.close());

const get = async (path: string): Promise<{ response: Response; text: string }> => {
  const response = await fetch(emulator.url + path);
  return { response, text: await response.text() };
};

test('the page shows accounts, records and one record, and lets no value be markup', async () => {
  const { response, text } = await get('/');
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(text).toContain(`Account ${DEFAULT_PORTAL_ID}`);
  const list = await get(`/_emulator/page?portal=${DEFAULT_PORTAL_ID}&type=0-1`);
  expect(list.text).toContain('ada@example.com');
  const id = /id=(\d+)/.exec(list.text)?.[1] ?? '';
  const one = await get(`/_emulator/page?portal=${DEFAULT_PORTAL_ID}&type=0-1&id=${id}`);
  for (const page of [list.text, one.text]) {
    expect(page).toContain('&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
    expect(page).not.toContain('<script>');
  }
});

test('the page shows calls with their bodies, and is no call itself', async () => {
  await fetch(`${emulator.url}/crm/v3/objects/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties: { lastname: '<b>' } }),
  });
  expect(emulator.admin.countRequests()).toBe(1);
  const { text } = await get('/_emulator/page?requests');
  expect(text).toContain('POST /crm/v3/objects/contacts');
  const one = await get(`/_emulator/page?request=${/request=(\d+)/.exec(text)?.[1] ?? ''}`);
  expect(one.text).toContain('&lt;b&gt;');
  expect(one.text).not.toContain(DEFAULT_TOKEN);
  expect((await get('/_emulator/page?request=999')).text).toContain('no such request');
});
