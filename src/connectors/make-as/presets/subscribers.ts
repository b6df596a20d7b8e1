import { definePreset } from '../../../kit/index.ts';
import { mailRecipient, sesamyTags, tagsToKeep } from '../../../subscribers/index.ts';
import type { SubscriberChanged } from '../../../subscribers/index.ts';
import { syncSubscriber } from '../actions/sync-subscriber.ts';
import { productsOf, subscriptionsOf } from './contract-rows.ts';

/**
 * What the subscription platform's own Make.as integration writes:
 * https://developers.sesamy.com/integrations/built-in/make.html (read 2026-11).
 */
export const subscribers = definePreset({
  id: 'make-as/subscribers',
  title: 'Subscribers into Make.as',
  summary: 'Keeps subscribers, their sesamy_ tags, their products and their subscriptions up to date.',
  action: syncSubscriber,
  when: { types: ['subscriber.changed'] },
  options: {},
  map: ({ payload }, { list_id, guests }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const { snapshot } = payload as unknown as SubscriberChanged;
    const recipient = mailRecipient(snapshot, { guests });
    if ('skip' in recipient) return { kind: 'skip', reason: recipient.skip };
    const { rows, notes } = subscriptionsOf(snapshot);
    return {
      kind: 'input',
      input: {
        ...(list_id === undefined ? {} : { list_id }),
        email: recipient.email,
        ...given('firstname', recipient.firstName),
        ...given('lastname', recipient.lastName),
        ...given('company', snapshot.person.company),
        external_id: recipient.userId,
        tags: { set: [...sesamyTags(snapshot)], keep: [...tagsToKeep(snapshot)] },
        products: [...productsOf(snapshot)],
        subscriptions: [...rows],
      },
      ...(notes.length === 0 ? {} : { notes }),
    };
  },
});

function given(name: 'firstname' | 'lastname' | 'company', value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
