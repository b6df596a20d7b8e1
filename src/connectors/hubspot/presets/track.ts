import { definePreset } from '../../../kit/index.ts';
import { sendEvent } from '../actions/send-event.ts';
import { contactEvent } from './contact-event.ts';
import { contactTraits, traitTargets } from './preset-options.ts';

const options = sendEvent.options.extend({ contact_traits: contactTraits, traits: traitTargets });

/**
 * Segment's track calls as its own HubSpot destination reads them
 * (segment.com/docs/connections/destinations/catalog/hubspot, "Track" and "Setting Contact Properties on Track",
 * read 2026-11), as custom events instead of the behavioural events that HubSpot has retired.
 */
export const track = definePreset({
  id: 'hubspot/track',
  title: 'Segment track calls into HubSpot events',
  summary:
    'Sends every track call as a custom event of its name, and writes context.traits to the contact. Needs HubSpot Enterprise.',
  action: { ...sendEvent, options },
  when: { types: ['track'] },
  // Segment promises that events HubSpot does not know are made.
  options: { schema: 'create' },
  map: (event, own) => contactEvent(event, event.name ?? '', {}, own),
});
