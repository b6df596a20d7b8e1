import { z } from 'zod';
import { definePreset } from '../../../kit/index.ts';
import { sendEvent } from '../actions/send-event.ts';
import { contactEvent } from './contact-event.ts';
import { contactTraits, traitTargets } from './preset-options.ts';

const options = sendEvent.options.extend({
  page_event: z.string().min(1).default('Viewed Page').describe('Name of the event for page calls.'),
  screen_event: z.string().min(1).default('Viewed Screen').describe('Name of the event for screen calls.'),
  contact_traits: contactTraits,
  traits: traitTargets,
});

/**
 * Page and screen calls as events. HubSpot counts page views only from its own script in the browser and takes none
 * from servers (developers.hubspot.com, tracking code API, read 2026-11). One event for all pages, told apart by its
 * properties, because an account holds 500 definitions and a deleted name can never be used again.
 */
export const page = definePreset({
  id: 'hubspot/page',
  title: 'Segment page and screen calls into HubSpot events',
  summary: 'Sends every page and screen call as a custom event. Needs HubSpot Enterprise.',
  action: { ...sendEvent, options },
  when: { types: ['page', 'screen'] },
  options: { schema: 'create' },
  map: (event, own) => {
    const { name, payload } = event;
    const { category } = payload;
    return contactEvent(
      event,
      event.type === 'screen' ? own.screen_event : own.page_event,
      { ...(name === null ? {} : { name }), ...(category === undefined ? {} : { category }) },
      own,
    );
  },
});
