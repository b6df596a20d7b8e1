import { definePreset } from '../../../kit/index.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { upsertContact } from '../actions/upsert-contact.ts';
import { toInputValue } from '../records/record-input.ts';
import { contactKey } from './contact-key.ts';
import { userIdProperty } from './preset-options.ts';
import { objectAt } from './traits.ts';

const options = upsertContact.options.extend({ user_id_property: userIdProperty });

/**
 * Page and screen calls for accounts without custom events: where the contact was last. Calls of one contact that wait
 * together become one write.
 */
export const lastPage = definePreset({
  id: 'hubspot/last-page',
  title: 'The last page or screen of a HubSpot contact',
  summary:
    'Writes address, title and time of the last page or screen call to the contact. Needs no Enterprise.',
  action: { ...upsertContact, options },
  when: { types: ['page', 'screen'] },
  options: {
    ensure: [
      { name: 'last_page_url', label: 'Last page URL', type: 'string', field_type: 'text' },
      { name: 'last_page_title', label: 'Last page title', type: 'string', field_type: 'text' },
      { name: 'last_page_at', label: 'Last page at', type: 'datetime', field_type: 'date' },
    ],
  },
  map: ({ payload, occurredAt, name }, own) => {
    const key = contactKey(payload, 'event', own.user_id_property);
    if (key === undefined) return { kind: 'skip', reason: NO_CONTACT };
    return {
      kind: 'input',
      input: {
        ...(key.by === 'email' ? { email: key.value } : { key }),
        properties: {
          last_page_url: toInputValue(urlOf(payload)),
          last_page_title: toInputValue(objectAt(payload, 'properties')['title'] ?? name),
          last_page_at: occurredAt,
        },
        occurred_at: occurredAt,
      },
    };
  },
});

const NO_CONTACT = 'The call has no e-mail address in properties.email, context.traits.email or userId.';

/** Browsers say it twice; a screen of an app has no address, and clears the one of the page before. */
function urlOf(payload: JsonObject): JsonObject[string] {
  const { url } = objectAt(payload, 'properties');
  return url ?? objectAt(objectAt(payload, 'context'), 'page')['url'] ?? null;
}
