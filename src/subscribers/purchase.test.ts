import { expect, test } from 'vitest';
import { checkoutSchema } from './checkout.ts';
import { productSchema } from './contract.ts';
import { checkoutAmount, checkoutItems } from './purchase.ts';

const aCheckout = (parts: object) => checkoutSchema.parse({ id: 'checkout_345', ...parts });
const item = (price: number | null, currency: string | null = 'SEK') => ({ sku: 'MAG-001', price, currency });

test.each<[string, object, { value: number; currency: string } | undefined]>([
  [
    'a price of the order wins over its items',
    { price: 79, currency: 'SEK', items: [item(99)] },
    { value: 79, currency: 'SEK' },
  ],
  ['free is a price', { price: 0, currency: 'NOK', items: [item(99, 'NOK')] }, { value: 0, currency: 'NOK' }],
  ['items are summed', { items: [item(49.9), item(9.95)] }, { value: 59.85, currency: 'SEK' }],
  [
    'items without a currency are in that of the order',
    { currency: 'eur', items: [item(1, null), item(2, 'EUR')] },
    { value: 3, currency: 'EUR' },
  ],
  ['yen have no decimals', { items: [item(99.6, 'JPY')] }, { value: 100, currency: 'JPY' }],
  [
    'a price of the order in the only currency of its items',
    { price: 5, items: [item(9)] },
    { value: 5, currency: 'SEK' },
  ],
  ['several currencies have no sum', { items: [item(1), item(1, 'NOK')] }, undefined],
  [
    'nor have they with an order in one of them',
    { currency: 'SEK', items: [item(1), item(1, 'NOK')] },
    undefined,
  ],
  ['a price that is missing makes no sum', { items: [item(1), item(null)] }, undefined],
  ['nothing is known', {}, undefined],
  ['a price without a currency', { price: 5 }, undefined],
])('%s', (_rule, parts, amount) => {
  expect(checkoutAmount(aCheckout(parts))).toEqual(amount);
});

test('items carry what the catalogue knows of their products, in the order of the checkout', () => {
  const products = [
    productSchema.parse({
      sku: 'MAG-001',
      title: 'Premium Magazine',
      type: 'publication',
      options: [{ id: 'po-123', title: 'Monthly' }],
    }),
  ];
  const checkout = aCheckout({
    price: 149,
    currency: 'sek',
    items: [{ sku: 'ART-9' }, { ...item(99, null), optionId: 'po-123' }],
  });
  expect(checkoutItems({ checkout, products })).toEqual([
    {
      sku: 'ART-9',
      title: null,
      optionId: null,
      optionTitle: null,
      type: null,
      price: null,
    },
    {
      sku: 'MAG-001',
      title: 'Premium Magazine',
      optionId: 'po-123',
      optionTitle: 'Monthly',
      type: 'publication',
      price: 99,
    },
  ]);
});

test.each<[string, object, readonly (number | null)[]]>([
  ['in the currency of the order', { price: 5, currency: 'sek', items: [item(9), item(8, null)] }, [9, 8]],
  ['in the only currency there is', { items: [item(9), item(8)] }, [9, 8]],
  ['in another than the order', { price: 5, currency: 'SEK', items: [item(9), item(8, 'EUR')] }, [9, null]],
  ['in several, so that the amount is not known', { items: [item(9), item(8, 'EUR')] }, [null, null]],
  ['in none that is known', { items: [item(9, null)] }, [null]],
])('an item has a price only in the currency of the amount: %s', (_where, parts, prices) => {
  const items = checkoutItems({ checkout: aCheckout(parts), products: [] });
  expect(items.map(({ price }) => price)).toEqual(prices);
});
