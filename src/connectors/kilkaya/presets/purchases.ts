import { definePreset } from '../../../kit/index.ts';
import { checkoutItems, userAgentOf } from '../../../subscribers/index.ts';
import type { CheckoutConfirmed } from '../../../subscribers/index.ts';
import { sendConversion } from '../actions/send-conversion.ts';
import { pageUrl } from '../conversion-input.ts';
import { SEPARATOR } from '../pixel.ts';
import { headerText } from '../settings.ts';

/**
 * What the subscription platform's own Kilkaya integration sends:
 * https://developers.sesamy.com/integrations/built-in/kilkaya.html (read 2026-11). A renewal confirms no checkout.
 */
export const purchases = definePreset({
  id: 'kilkaya/purchases',
  title: 'Purchases into Kilkaya',
  summary: 'Counts each completed checkout as a conversion, with what was bought and the campaign.',
  action: sendConversion,
  when: { types: ['checkout.confirmed'] },
  options: {},
  map: ({ payload }, { user_agent_from }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const confirmed = payload as unknown as CheckoutConfirmed;
    const { checkout, attribution } = confirmed;
    const found = tagsOf(confirmed);
    const tags = found.map((tag) => tag.replaceAll(SEPARATOR, '/'));
    const url = pageUrl.safeParse(checkout.redirectUrl).data;
    const referrer = pageUrl.safeParse(attribution?.referrer).data;
    const userAgent = headerText.safeParse(userAgentOf(confirmed, user_agent_from)).data;
    const isBent = found.some((tag) => tag.includes(SEPARATOR));
    return {
      kind: 'input',
      input: {
        checkout_id: checkout.id,
        tags,
        ...(url === undefined ? {} : { url }),
        ...(referrer === undefined ? {} : { referrer }),
        ...(userAgent === undefined ? {} : { user_agent: userAgent }),
      },
      ...(isBent ? { notes: ['"|" in a tag was written as "/".'] } : {}),
    };
  },
});

/**
 * The titles of the purchase options, then the campaign; what is not known takes no place. That the campaign comes
 * before the other four is documented, their order is inferred (confidence low, 2026-11).
 */
function tagsOf(confirmed: CheckoutConfirmed): readonly string[] {
  const titles = checkoutItems(confirmed).map(({ optionTitle }) => optionTitle);
  const { utmCampaign, utmSource, utmMedium, utmTerm, utmContent } = confirmed.attribution ?? {};
  return [...new Set(titles), utmCampaign, utmSource, utmMedium, utmTerm, utmContent].filter(
    (tag) => typeof tag === 'string',
  );
}
