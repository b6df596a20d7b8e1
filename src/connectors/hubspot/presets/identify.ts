import { definePreset } from '../../../kit/index.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { contactEmail, userIdOf } from './contact-key.ts';
import { contactProperties } from './contact-traits.ts';
import { traitTargets, userIdProperty } from './preset-options.ts';
import { objectAt } from './traits.ts';

const options = upsertContact.options.extend({
  user_id_property: userIdProperty,
  traits: traitTargets,
});

/**
 * Segment's identify calls as its own HubSpot destination reads them
 * (segment.com/docs/connections/destinations/catalog/hubspot, read 2026-11), with null for clearing.
 */
export const identify = definePreset({
  id: 'hubspot/identify',
  title: 'Segment identify calls into HubSpot contacts',
  summary:
    'Writes traits to the contact properties of the same name; traits that HubSpot does not know are reported.',
  action: { ...upsertContact, options },
  when: { types: ['identify'] },
  options: {},
  map: ({ payload, occurredAt }, { traits, user_id_property: property }) => {
    const email = contactEmail(payload, 'identify');
    const userId = property === undefined ? undefined : userIdOf(payload);
    if (email === undefined && userId === undefined) {
      return { kind: 'skip', reason: 'The call has no e-mail address in traits.email or userId.' };
    }
    return {
      kind: 'input',
      input: {
        ...(email === undefined ? {} : { email }),
        ...(userId === undefined || property === undefined ? {} : { key: { by: property, value: userId } }),
        properties: contactProperties(objectAt(payload, 'traits'), traits),
        occurred_at: occurredAt,
      },
    };
  },
});
