import type { JsonObject } from '../../../kernel/json.ts';
import { definePreset, normaliseEmail, toE164 } from '../../../kit/index.ts';
import { buyerOf, checkoutAmount, checkoutItems, userAgentOf } from '../../../subscribers/index.ts';
import type { CheckoutConfirmed } from '../../../subscribers/index.ts';
import { sendEvent } from '../actions/send-event.ts';
import type { EventInput } from '../event-input.ts';

/**
 * A `Purchase` for each confirmed checkout. That the event is `Purchase`, with hashed user data, is documented:
 * https://developers.sesamy.com/integrations/tracking/facebook.html (read 2026-11); the fields are inferred.
 */
export const purchases = definePreset({
  id: 'meta/purchases',
  title: 'Purchases into Meta',
  summary: 'Reports each confirmed checkout as a Purchase of the Conversions API.',
  action: sendEvent,
  when: { types: ['checkout.confirmed'] },
  options: {},
  map: ({ payload, occurredAt }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const confirmed = payload as unknown as CheckoutConfirmed;
    const { checkout, attribution } = confirmed;
    const amount = checkoutAmount(checkout);
    if (amount === undefined)
      return { kind: 'skip', reason: 'The checkout has no amount with a currency, which Meta asks for.' };
    const userData = userDataOf(confirmed);
    if (!isKnownToMeta(userData)) {
      const reason =
        'The buyer has no valid e-mail address or phone number, and the checkout no cookie of Meta.';
      return { kind: 'skip', reason };
    }
    const url = [checkout.redirectUrl, attribution?.itemSrc ?? null].find(isWebAddress);
    const isWebsite = url !== undefined && userData.client_user_agent !== undefined;
    const input: EventInput = {
      event_name: 'Purchase',
      event_time: occurredAt,
      event_id: checkout.id,
      // Meta asks website events for the buyer's browser and the page. Where the platform does not tell them, saying
      // `website` would have the event refused, or be an invented browser; `other` is true, and asks for neither.
      action_source: isWebsite ? 'website' : 'other',
      ...(url === undefined ? {} : { event_source_url: url }),
      user_data: userData,
      custom_data: customDataOf(confirmed, amount),
    };
    if (isWebsite) return { kind: 'input', input };
    const note = 'Sent as "other", not "website": the checkout lacks the user agent or the page.';
    return { kind: 'input', input, notes: [note] };
  },
});

/**
 * The platform's own id alone matches nobody at Meta unless the pixel was given it too, which is not known: it goes
 * along, and is no reason to send.
 */
function isKnownToMeta({ em, ph, country, fbc, fbp }: Buyer): boolean {
  return (
    fbc !== undefined ||
    fbp !== undefined ||
    normaliseEmail(em ?? '') !== undefined ||
    toE164(ph ?? '', country) !== undefined
  );
}

type Buyer = Readonly<Partial<Record<keyof EventInput['user_data'], string>>>;

function userDataOf(confirmed: CheckoutConfirmed): Buyer {
  const { attribution } = confirmed;
  const buyer = buyerOf(confirmed);
  return given({
    em: buyer.email,
    ph: buyer.phone,
    fn: buyer.firstName,
    ln: buyer.lastName,
    ct: buyer.address?.city,
    st: buyer.address?.state,
    zp: buyer.address?.zip,
    country: buyer.country,
    external_id: buyer.userId,
    fbc: attribution?.fbcCookie,
    fbp: attribution?.fbpCookie,
    client_user_agent: userAgentOf(confirmed),
    client_ip_address: attribution?.ipAddress,
  });
}

function customDataOf(
  confirmed: CheckoutConfirmed,
  { value, currency }: { readonly value: number; readonly currency: string },
): JsonObject {
  const items = checkoutItems(confirmed).filter(({ sku }) => sku !== null);
  return {
    value,
    currency,
    order_id: confirmed.checkout.id,
    ...(items.length === 0
      ? {}
      : {
          content_type: 'product',
          content_ids: items.map(({ sku }) => sku),
          contents: items.map(({ sku, title, price }) => ({
            id: sku,
            // The platform sells one of each.
            quantity: 1,
            ...(price === null ? {} : { item_price: price }),
            ...(title === null ? {} : { title }),
          })),
          num_items: items.length,
        }),
  };
}

function isWebAddress(text: string | null): text is string {
  return text !== null && /^https?:\/\//i.test(text) && URL.canParse(text);
}

function given(fields: Readonly<Record<string, string | null | undefined>>): Buyer {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      value === null || value === undefined ? [] : [[key, value] as const],
    ),
  );
}
