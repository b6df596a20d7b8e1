import { definePreset } from '../../../kit/index.ts';
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
import { upsertMember } from '../actions/upsert-member.ts';

/**
 * What the subscription platform's own Mailchimp integration writes, field by field:
 * https://developers.sesamy.com/integrations/built-in/mailchimp.html (read 2026-11).
 */
export const subscribers = definePreset({
  id: 'mailchimp/subscribers',
  title: 'Subscribers into a Mailchimp audience',
  summary: 'Keeps merge fields and sesamy_ tags of contacts up to date.',
  action: upsertMember,
  when: { types: ['subscriber.changed'] },
  options: {
    ensure: [
      { tag: 'FNAME', name: 'First Name', type: 'text' },
      { tag: 'LNAME', name: 'Last Name', type: 'text' },
      { tag: 'PHONE', name: 'Phone Number', type: 'phone' },
      { tag: 'SESAMYUSR', name: 'Sesamy user ID', type: 'text' },
      { tag: 'SMYLASTSEE', name: 'Last seen', type: 'date' },
      { tag: 'SMYSUBSC', name: 'Has active subscription', type: 'text' },
      { tag: 'SMYARTPUR', name: 'Articles purchased', type: 'number' },
      { tag: 'SMYACTSUBS', name: 'Active subscriptions', type: 'number' },
      { tag: 'SMYCANSUBS', name: 'Cancelled subscriptions', type: 'number' },
      { tag: 'SMYEXPSUBS', name: 'Expired subscriptions', type: 'number' },
      { tag: 'SMYENDSUBS', name: 'Ended subscriptions', type: 'number' },
      { tag: 'SMYISSREM', name: 'Issues remaining', type: 'number' },
    ],
  },
  map: ({ payload }, { list_id, guests }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const { snapshot, causes } = payload as unknown as SubscriberChanged;
    const recipient = mailRecipient(snapshot, { guests });
    if ('skip' in recipient) return { kind: 'skip', reason: recipient.skip };
    const counts = countSubscriptions(snapshot.contracts);
    return {
      kind: 'input',
      input: {
        email: recipient.email,
        list_id,
        merge_fields: {
          ...given('FNAME', recipient.firstName),
          ...given('LNAME', recipient.lastName),
          ...given('PHONE', recipient.phone),
          SESAMYUSR: recipient.userId,
          ...given('SMYLASTSEE', lastSeenDay(snapshot.person, causes)),
          SMYSUBSC: counts.active > 0 ? 'True' : 'False',
          SMYARTPUR: countArticlesPurchased(snapshot),
          SMYACTSUBS: counts.active,
          SMYCANSUBS: counts.canceled,
          SMYEXPSUBS: counts.expired,
          SMYENDSUBS: counts.ended,
          // Without a printed subscription there is nothing to count, and what was counted is over.
          SMYISSREM: countIssuesRemaining(snapshot.contracts) ?? '',
        },
        tags: { set: [...sesamyTags(snapshot)], keep: [...tagsToKeep(snapshot)] },
      },
    };
  },
});

/** What the platform does not know may have been told by a form: it is not cleared. */
function given(tag: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [tag]: value };
}
