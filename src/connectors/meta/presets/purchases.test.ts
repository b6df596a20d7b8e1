import { expect, test } from 'vitest';
import { aCheckoutConfirmed } from '../../../../test/support/a-checkout.ts';
import { eventInputSchema } from '../event-input.ts';
import { purchases } from './purchases.ts';

const map = (...parts: Parameters<typeof aCheckoutConfirmed>) =>
  purchases.map(aCheckoutConfirmed(...parts), {});

test('a checkout becomes a Purchase with all that is known', () => {
  const mapped = map(
    { redirectUrl: 'https://www.example.com/thanks', lastName: 'Berg' },
    { fbpCookie: 'fb.1.1763720000000.1', userAgent: 'Mozilla/5.0', ipAddress: '192.0.2.7' },
  );
  expect(mapped).toEqual({
    kind: 'input',
    input: {
      event_name: 'Purchase',
      event_time: '2026-11-21T11:00:00.000Z',
      event_id: 'checkout_1',
      action_source: 'website',
      event_source_url: 'https://www.example.com/thanks',
      user_data: {
        em: 'asa@example.com',
        ph: '070-123 45 67',
        fn: 'Åsa',
        ln: 'Berg',
        ct: 'Malmö',
        zp: '211 22',
        country: 'SE',
        external_id: 'email|84cc',
        fbp: 'fb.1.1763720000000.1',
        client_user_agent: 'Mozilla/5.0',
        client_ip_address: '192.0.2.7',
      },
      custom_data: {
        value: 99.5,
        currency: 'SEK',
        order_id: 'checkout_1',
        content_type: 'product',
        content_ids: ['MAG-001'],
        contents: [{ id: 'MAG-001', quantity: 1, item_price: 99.5, title: 'Premium Magazine' }],
        num_items: 1,
      },
    },
  });
  expect(mapped.kind === 'input' && eventInputSchema.safeParse(mapped.input).success).toBe(true);
});

test('without the buyer’s browser it is not called a website event, and the delivery says so', () => {
  const mapped = map({ redirectUrl: 'https://www.example.com/thanks' });
  expect(mapped).toMatchObject({
    input: { action_source: 'other', event_source_url: 'https://www.example.com/thanks' },
    notes: [expect.stringContaining('"other"')],
  });
  expect(mapped.kind === 'input' && eventInputSchema.safeParse(mapped.input).success).toBe(true);
});

test('the buyer’s browser may stand in the metadata of the checkout', () => {
  const metadata = { user_agent: 'Mozilla/5.0' };
  expect(map({ redirectUrl: 'https://www.example.com/thanks', metadata })).toMatchObject({
    input: { action_source: 'website', user_data: { client_user_agent: 'Mozilla/5.0' } },
  });
});

test('an item has no price in another currency than that of the order', () => {
  const items = [{ sku: 'MAG-001', price: 9, currency: 'EUR' }];
  const mapped = map({ price: 99, currency: 'SEK', items });
  expect(mapped).toMatchObject({
    input: { custom_data: { currency: 'SEK', contents: [{ id: 'MAG-001' }] } },
  });
  expect(mapped).not.toHaveProperty('input.custom_data.contents[0].item_price');
});

test('what is no web address is not given as the page', () => {
  const mapped = map({ redirectUrl: 'app://thanks' }, { itemSrc: 'https://www.example.com/a' });
  expect(mapped).toMatchObject({ input: { event_source_url: 'https://www.example.com/a' } });
});

test.each([
  ['no amount', { items: [] }],
  ['an amount without a currency', { items: [{ sku: 'MAG-001', price: 1 }] }],
])('a checkout with %s is skipped', (_what, checkout) => {
  expect(map(checkout)).toMatchObject({
    kind: 'skip',
    reason: expect.stringContaining('amount') as string,
  });
});

test('a buyer whom Meta cannot know is skipped, and one with a cookie of Meta alone is not', () => {
  const nobody = { payer: { id: 'giver', email: 'not an address' } };
  expect(map(nobody)).toMatchObject({ kind: 'skip', reason: expect.stringContaining('cookie') as string });
  expect(map(nobody, { fbcCookie: 'fb.1.1763720000000.x' })).toMatchObject({
    input: { user_data: { fbc: 'fb.1.1763720000000.x', external_id: 'giver' } },
  });
});
