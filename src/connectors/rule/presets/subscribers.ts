import { definePreset, toE164 } from '../../../kit/index.ts';
import { mailRecipient, sesamyTags, tagsToKeep } from '../../../subscribers/index.ts';
import type { Subscriber, SubscriberChanged } from '../../../subscribers/index.ts';
import { upsertSubscriber } from '../actions/upsert-subscriber.ts';
import { PERSON_FIELDS } from '../fields/person-fields.ts';
import { PRODUCT_FIELDS } from '../fields/product-fields.ts';
import { SUBSCRIPTION_FIELDS } from '../fields/subscription-fields.ts';

export const FIELDS = [...PERSON_FIELDS, ...PRODUCT_FIELDS, ...SUBSCRIPTION_FIELDS];

// "A base tag `sesamy` that is always added": help.rule.io, article 685380, read 2026-11.
const BASE_TAG = 'sesamy';

/**
 * What the subscription platform's own Rule integration writes:
 * https://developers.sesamy.com/integrations/built-in/rule.html and help.rule.io, article 685380 (read 2026-11).
 */
export const subscribers = definePreset({
  id: 'rule/subscribers',
  title: 'Subscribers into Rule',
  summary: 'Keeps subscribers, their Sesamy fields and their sesamy_ tags up to date.',
  action: upsertSubscriber,
  when: { types: ['subscriber.changed'] },
  options: {
    field_types: Object.fromEntries(
      FIELDS.flatMap(({ key, type }) => (type === undefined ? [] : [[key, type] as const])),
    ),
  },
  map: ({ payload }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const { snapshot } = payload as unknown as SubscriberChanged;
    // "Temporary guest accounts are not synced; only confirmed accounts are": the same article.
    const recipient = mailRecipient(snapshot, { guests: 'skip' });
    if ('skip' in recipient) return { kind: 'skip', reason: recipient.skip };
    const phone = recipient.phone === null ? undefined : toE164(recipient.phone, countryOf(snapshot));
    const isPhoneOdd = recipient.phone !== null && phone === undefined;
    return {
      kind: 'input',
      input: {
        email: recipient.email,
        ...(phone === undefined ? {} : { phone }),
        tags: [BASE_TAG, ...sesamyTags(snapshot)],
        keep_tags: [...tagsToKeep(snapshot)],
        fields: fieldsOf(snapshot),
      },
      ...(isPhoneOdd ? { notes: ['phone: left out, because its country cannot be told.'] } : {}),
    };
  },
});

function fieldsOf(snapshot: Subscriber): Record<string, string | readonly string[] | null> {
  const given = FIELDS.map(({ key, value }) => [key, value(snapshot)] as const);
  return Object.fromEntries(given.filter((entry) => entry[1] !== undefined)) as Record<
    string,
    string | readonly string[] | null
  >;
}

/** Where a number without the code of a country is from: of the addresses, then of a locale such as `nb-NO`. */
function countryOf({ addresses, person }: Subscriber): string | undefined {
  const country = addresses.billing?.country ?? addresses.delivery?.country;
  return country ?? /[-_]([A-Za-z]{2})$/.exec(person.locale ?? '')?.[1];
}
