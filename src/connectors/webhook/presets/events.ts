import { definePreset } from '../../../kit/index.ts';
import { forwardEvent } from '../actions/forward-event.ts';

/**
 * The six events that the platform itself forwards; not the two about entitlements:
 * https://developers.sesamy.com/guides/webhooks.html and integrations/concepts.html (read 2026-11).
 */
export const FORWARDED_EVENTS = [
  'userVendor.1#new',
  'userVendor.1#update',
  'contract.1#purchased',
  'contract.1#update',
  'contract#cancelRequest',
  'checkout.1#confirm',
] as const;

export const events = definePreset({
  id: 'webhook/events',
  title: 'Forward subscriber events',
  summary: 'Sends six of the eight raw events of a subscription platform to your own endpoint, as they came.',
  action: forwardEvent,
  when: { types: ['subscriber'], names: FORWARDED_EVENTS },
  options: {},
  map: ({ id, personKey, name, occurredAt, payload }) => ({
    kind: 'input',
    // `when` lets through only events that have a name.
    input: { id, key: personKey, type: name ?? '', timestamp: occurredAt, payload },
  }),
});
