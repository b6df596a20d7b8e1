import { expect, test } from 'vitest';
import { startLocalVendor } from '../../test/support/local-vendor.ts';
import { HttpClient } from './http-client.ts';

test.each([
  '127.0.0.1',
  'localhost',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '0.0.0.0',
])('a request to %s is refused before it is sent', async (host) => {
  const vendor = await startLocalVendor(() => ({ status: 200, body: {} }));
  const url = vendor.url.replace('127.0.0.1', host);
  const request = { method: 'GET', url, headers: {}, body: '' } as const;
  const guarded = new HttpClient({ timeoutMs: 2_000, privateAddresses: false });
  expect(await guarded.send(request)).toMatchObject({ kind: 'network', code: 'forbidden_address' });
  await guarded.close();
  expect(vendor.requests.length).toBe(0);
});

test('a private address that the operator wrote is called', async () => {
  const vendor = await startLocalVendor(() => ({ status: 200, body: {} }));
  const open = new HttpClient({ timeoutMs: 2_000, privateAddresses: true });
  const request = { method: 'GET', url: vendor.url, headers: {}, body: '' } as const;
  expect(await open.send(request)).toMatchObject({ kind: 'response' });
  await open.close();
});
