import { definePreset, given } from '../../../kit/index.ts';
import { activeProductTitles, countSubscriptions, mailRecipient } from '../../../subscribers/index.ts';
import type { SubscriberChanged } from '../../../subscribers/index.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import type { InputValue } from '../records/record-input.ts';

/**
 * What the subscription platform's own HubSpot integration writes, property by property:
 * https://developers.sesamy.com/integrations/built-in/hubspot.html (read 2026-11).
 */
export const subscribers = definePreset({
  id: 'hubspot/subscribers',
  title: 'Subscribers into HubSpot contacts',
  summary:
    'Keeps subscription properties of contacts up to date, and fills in name and phone where they are empty.',
  action: upsertContact,
  when: { types: ['subscriber.changed'] },
  options: {
    rules: { firstname: 'if_empty', lastname: 'if_empty', phone: 'if_empty' },
    // The counts and the flag are text in HubSpot, as the platform documents them.
    ensure: [
      { name: 'sesamy_user_id', label: 'Sesamy user ID', type: 'string', field_type: 'text' },
      {
        name: 'has_active_subscription',
        label: 'Has active subscription',
        type: 'string',
        field_type: 'text',
      },
      {
        name: 'active_subscription_count',
        label: 'Active subscription count',
        type: 'string',
        field_type: 'text',
      },
      {
        name: 'canceled_subscriptions_count',
        label: 'Canceled subscriptions count',
        type: 'string',
        field_type: 'text',
      },
      // Several at once, which among dropdowns only the multiple checkbox takes.
      { name: 'subscription_type', label: 'Subscription type', type: 'enumeration', field_type: 'checkbox' },
    ],
    add_options: ['subscription_type'],
  },
  map: ({ payload }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const { snapshot } = payload as unknown as SubscriberChanged;
    // Nothing is said of guests, whom HubSpot therefore gets as well.
    const recipient = mailRecipient(snapshot, { guests: 'keep' });
    if ('skip' in recipient) return { kind: 'skip', reason: recipient.skip };
    const { email, userId, firstName, lastName, phone } = recipient;
    const counts = countSubscriptions(snapshot.contracts);
    const titles = activeProductTitles(snapshot);
    const types = [...new Set(titles.map(withoutSeparator))];
    const properties: Record<string, InputValue> = {
      sesamy_user_id: userId,
      has_active_subscription: counts.active > 0 ? 'true' : 'false',
      active_subscription_count: String(counts.active),
      canceled_subscriptions_count: String(counts.ended),
      subscription_type: types,
      ...given({ firstname: firstName, lastname: lastName, phone }),
    };
    const isBent = titles.some((title) => title.includes(';'));
    return {
      kind: 'input',
      input: { email, properties },
      ...(isBent ? { notes: ['subscription_type: ";" in a product title was written as ",".'] } : {}),
    };
  },
});

// `;` separates options in HubSpot, so no option can hold one. A title with a comma in its place still tells
// segments apart; leaving the title out would make a paying subscriber look like none.
function withoutSeparator(title: string): string {
  return title.replaceAll(';', ',').trim();
}
