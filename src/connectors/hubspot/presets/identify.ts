import { definePreset } from '../../../kit/index.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { contactEmail, contactProperties } from './identify-traits.ts';

/**
 * Segment's identify calls as its own HubSpot destination reads them
 * (segment.com/docs/connections/destinations/catalog/hubspot, read 2026-11), with null for clearing.
 */
export const identify = definePreset({
  id: 'hubspot/identify',
  title: 'Segment identify calls into HubSpot contacts',
  summary:
    'Writes traits to the contact properties of the same name; traits that HubSpot does not know are reported.',
  action: upsertContact,
  when: { types: ['identify'] },
  options: {},
  map: ({ payload }) => {
    const email = contactEmail(payload);
    if (email === undefined) {
      return { kind: 'skip', reason: 'The call has no e-mail address in traits.email or userId.' };
    }
    return { kind: 'input', input: { email, properties: contactProperties(payload) } };
  },
});
