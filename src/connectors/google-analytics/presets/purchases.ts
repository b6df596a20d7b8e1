import { definePreset, given } from '../../../kit/index.ts';
import { buyerOf, checkoutAmount, checkoutItems } from '../../../subscribers/index.ts';
import type { CheckoutConfirmed } from '../../../subscribers/index.ts';
import { sendPurchase } from '../actions/send-purchase.ts';
import type { PurchaseInput } from '../purchase-input.ts';

/**
 * The subscription platform's own integration promises a purchase with items, tax and coupon codes
 * (https://developers.sesamy.com/integrations/tracking/google.html, read 2026-11) and documents no field of it: the
 * names are Google's, the sources are inferred.
 */
export const purchases = definePreset({
  id: 'google-analytics/purchases',
  title: 'Completed checkouts into Google Analytics',
  summary:
    'Sends a `purchase` with items, coupons and campaign for each completed checkout; never for a renewal.',
  action: sendPurchase,
  when: { types: ['checkout.confirmed'] },
  options: {},
  map: ({ payload, occurredAt }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const confirmed = payload as unknown as CheckoutConfirmed;
    const { checkout, attribution } = confirmed;
    const input: PurchaseInput = {
      transaction_id: checkout.id,
      occurred_at: occurredAt,
      ...checkoutAmount(checkout),
      items: itemsOf(confirmed),
      ...given({
        // Of a gift that of the payer, as the cookie is.
        user_id: buyerOf(confirmed).userId,
        tax: checkout.tax,
        coupon: couponsOf(confirmed),
        ga_cookie: attribution?.gaCookie,
        source: attribution?.utmSource,
        medium: attribution?.utmMedium,
        campaign: attribution?.utmCampaign,
        term: attribution?.utmTerm,
        content: attribution?.utmContent,
      }),
    };
    return { kind: 'input', input };
  },
});

function itemsOf(confirmed: CheckoutConfirmed): PurchaseInput['items'] {
  return checkoutItems(confirmed).map((item, index) => ({
    ...given({
      item_id: item.sku,
      // Google asks for an id or a name: an article that was bought by its address has no other.
      item_name: item.title ?? item.sku ?? confirmed.checkout.items[index]?.url,
      item_variant: item.optionTitle ?? item.optionId,
      item_category: item.type,
      price: item.price,
    }),
    quantity: 1,
  }));
}

function couponsOf({ checkout }: CheckoutConfirmed): string | null {
  const codes = checkout.discountCodes.filter(({ isApplied }) => isApplied).map(({ code }) => code);
  return codes.length === 0 ? null : codes.join(',');
}
