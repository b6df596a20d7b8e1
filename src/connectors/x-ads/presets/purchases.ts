import { definePreset } from '../../../kit/index.ts';
import { buyerOf, checkoutAmount, checkoutItems, userAgentOf } from '../../../subscribers/index.ts';
import type { CheckoutConfirmed } from '../../../subscribers/index.ts';
import { sendConversion } from '../actions/send-conversion.ts';

/**
 * What the subscription platform's own integration sends, field by field:
 * https://developers.sesamy.com/integrations/built-in/twitter.html (read 2026-11). The fields of `contents` and the list
 * of identifiers are inferred from X's own page.
 */
export const purchases = definePreset({
  id: 'x-ads/purchases',
  title: 'Purchases into X',
  summary: 'Reports each confirmed checkout as a web conversion of X.',
  action: sendConversion,
  when: { types: ['checkout.confirmed'] },
  options: {},
  map: ({ payload, occurredAt }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const confirmed = payload as unknown as CheckoutConfirmed;
    const { checkout, attribution } = confirmed;
    const buyer = buyerOf(confirmed);
    const amount = checkoutAmount(checkout);
    const items = checkoutItems(confirmed);
    return {
      kind: 'input',
      input: {
        conversion_id: checkout.id,
        conversion_time: occurredAt,
        identifiers: {
          ...given('email', buyer.email),
          ...given('phone', buyer.phone),
          ...given('country', buyer.country),
          ...given('twclid', attribution?.twclid ?? null),
          ...given('ip_address', attribution?.ipAddress ?? null),
          ...given('user_agent', userAgentOf(confirmed)),
        },
        // The platform's page calls the currency `currency`; X's own name for it is `price_currency`.
        ...(amount === undefined ? {} : { value: amount.value, price_currency: amount.currency }),
        ...(items.length === 0
          ? {}
          : {
              number_items: items.length,
              contents: items.map(({ sku, title, type, price }) => ({
                ...given('content_id', sku),
                ...given('content_name', title),
                ...given('content_type', type),
                ...given('content_price', price),
                num_items: 1,
              })),
            }),
      },
    };
  },
});

function given<Name extends string, Value>(name: Name, value: Value | null): Partial<Record<Name, Value>> {
  return value === null ? {} : ({ [name]: value } as Record<Name, Value>);
}
