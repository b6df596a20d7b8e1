import { definePreset } from '../../../kit/index.ts';
import { mailRecipient } from '../../../subscribers/index.ts';
import type { SubscriberChanged } from '../../../subscribers/index.ts';
import { recordActivity } from '../actions/record-activity.ts';
import { activityName } from '../activity/event-name.ts';

/**
 * One event of the contact for each event of the platform. That user actions show up as activities is documented at
 * https://developers.sesamy.com/integrations/built-in/mailchimp.html; by which names is not (confidence low, 2026-11).
 */
export const activity = definePreset({
  id: 'mailchimp/activity',
  title: 'Subscriber events into Mailchimp activity',
  summary: 'Shows each event of a subscriber as an event of the contact.',
  action: recordActivity,
  when: { types: ['subscriber.changed'] },
  options: {},
  map: ({ payload }, { list_id, guests }) => {
    // Parsed when it was appended: this type of event is made by Linchpin only.
    const { snapshot, causes } = payload as unknown as SubscriberChanged;
    const recipient = mailRecipient(snapshot, { guests });
    if ('skip' in recipient) return { kind: 'skip', reason: recipient.skip };
    return {
      kind: 'input',
      input: {
        email: recipient.email,
        list_id,
        events: causes.map(({ eventId, eventType, occurredAt, ids }) => ({
          id: eventId,
          name: activityName(eventType),
          occurred_at: occurredAt,
          properties: {
            event_type: eventType,
            ...given('contract_id', ids.contractId),
            ...given('entitlement_id', ids.entitlementId),
            ...given('checkout_id', ids.checkoutId),
          },
        })),
      },
    };
  },
});

function given(name: string, value: string | null): Record<string, string> {
  return value === null ? {} : { [name]: value };
}
