import { definePreset, given } from '../../../kit/index.ts';
import {
  countArticlesPurchased,
  countIssuesRemaining,
  countSubscriptions,
  lastSeenDay,
  mailRecipient,
  sesamyTags,
  tagsToKeep,
} from '../../../subscribers/index.ts';
import type { SubscriberChanged } from '../../../subscribers/index.ts';
import { syncContact } from '../actions/sync-contact.ts';

/**
 * What the subscription platform's own Mailmojo integration writes:
 * https://developers.sesamy.com/integrations/built-in/mailmojo.html (read 2026-11). That a set of account fields is made
 * on the first sync is documented, their names are not: these say what the Mailchimp integration's say (confidence low).
 */
export const subscribers = definePreset({
  id: 'mailmojo/subscribers',
  title: 'Subscribers into a Mailmojo list',
  summary:
    'Keeps account fields and sesamy_ tags of contacts up to date, and fills in name and phone where they are empty.',
  action: syncContact,
  when: { types: ['subscriber.changed'] },
  options: {},
  map: ({ payload }, { list_id, guests }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const { snapshot, causes } = payload as unknown as SubscriberChanged;
    const recipient = mailRecipient(snapshot, { guests });
    if ('skip' in recipient) return { kind: 'skip', reason: recipient.skip };
    const counts = countSubscriptions(snapshot.contracts);
    const lastSeen = lastSeenDay(snapshot.person, causes);
    return {
      kind: 'input',
      input: {
        email: recipient.email,
        ...given({
          list_id,
          first_name: recipient.firstName,
          last_name: recipient.lastName,
          phone: recipient.phone,
        }),
        fields: {
          sesamy_user_id: recipient.userId,
          sesamy_has_active_subscription: counts.active > 0 ? 'true' : 'false',
          sesamy_active_subscriptions: String(counts.active),
          sesamy_canceled_subscriptions: String(counts.canceled),
          sesamy_expired_subscriptions: String(counts.expired),
          sesamy_ended_subscriptions: String(counts.ended),
          sesamy_articles_purchased: String(countArticlesPurchased(snapshot)),
          // Without a printed subscription there is nothing to count, and what was counted is over.
          sesamy_issues_remaining: String(countIssuesRemaining(snapshot.contracts) ?? ''),
          ...given({ sesamy_last_seen: lastSeen }),
        },
        tags: { set: [...sesamyTags(snapshot)], keep: [...tagsToKeep(snapshot)] },
      },
    };
  },
});
