import { expect, test } from 'vitest';
import { aCheckoutConfirmed } from '../../../../test/support/a-checkout.ts';
import { conversionInputSchema } from '../conversion-input.ts';
import { purchases } from './purchases.ts';

const map = (...parts: Parameters<typeof aCheckoutConfirmed>) =>
  purchases.map(aCheckoutConfirmed(...parts), {});

test('a checkout becomes a conversion with all that is known', () => {
  const mapped = map(
    { price: 149, currency: 'sek', items: [{ sku: 'MAG-001', price: 99.5 }, { sku: 'UNKNOWN' }] },
    { twclid: 'abc', userAgent: 'Mozilla/5.0', ipAddress: '192.0.2.7' },
  );
  expect(mapped).toEqual({
    kind: 'input',
    input: {
      conversion_id: 'checkout_1',
      conversion_time: '2026-11-21T11:00:00.000Z',
      identifiers: {
        email: 'asa@example.com',
        phone: '070-123 45 67',
        country: 'SE',
        twclid: 'abc',
        ip_address: '192.0.2.7',
        user_agent: 'Mozilla/5.0',
      },
      value: 149,
      price_currency: 'SEK',
      number_items: 2,
      contents: [
        {
          content_id: 'MAG-001',
          content_name: 'Premium Magazine',
          content_type: 'publication',
          content_price: 99.5,
          num_items: 1,
        },
        { content_id: 'UNKNOWN', num_items: 1 },
      ],
    },
  });
  expect(mapped.kind === 'input' && conversionInputSchema.safeParse(mapped.input).success).toBe(true);
});

test('the buyer’s browser may stand in the metadata of the checkout', () => {
  const mapped = map({ metadata: { user_agent: 'Mozilla/5.0' } }, { ipAddress: '192.0.2.7' });
  expect(mapped).toMatchObject({
    input: { identifiers: { ip_address: '192.0.2.7', user_agent: 'Mozilla/5.0' } },
  });
});

test.each([
  ['in another currency than that of the order', { price: 99, currency: 'SEK' }, [{ currency: 'EUR' }]],
  ['of an order in several, for which no currency is told', {}, [{ currency: 'EUR' }, { currency: 'SEK' }]],
])('no price is told of an item %s', (_what, order, currencies) => {
  const items = currencies.map((one) => ({ sku: 'MAG-001', price: 9, ...one }));
  const mapped = map({ ...order, items });
  expect(mapped).toMatchObject({ input: { number_items: items.length } });
  expect(JSON.stringify(mapped)).not.toContain('content_price');
});

test('a checkout without an amount is a conversion all the same', () => {
  const mapped = map({ items: [] });
  expect(mapped).toMatchObject({ input: { conversion_id: 'checkout_1' } });
  expect(mapped).not.toHaveProperty('input.value');
  expect(mapped).not.toHaveProperty('input.contents');
});
