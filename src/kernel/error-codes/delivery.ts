import type { ErrorCatalogue } from './error-entry.ts';

/** What was asked of delivery: to send something again, or to tell about it. */
export const DELIVERY_ERRORS = {
  'delivery.dead_letter_closed': {
    status: 409,
    title: 'The dead letter is closed',
    remedy: 'Look at it with linchpin dead-letters show; its event can still be replayed.',
  },
  'delivery.dead_letter_stuck': {
    status: 409,
    title: 'The dead letter cannot be sent again',
    remedy: 'Replay the event with linchpin deliveries replay, or discard the letter.',
  },
  'delivery.dead_letter_unknown': {
    status: 404,
    title: 'There is no such dead letter',
    remedy: 'List them with linchpin dead-letters list.',
  },
  'delivery.event_unknown': {
    status: 404,
    title: 'The log does not hold this event',
    remedy: 'Find its id with linchpin events tail; events older than the retention are gone.',
  },
  'delivery.flow_unknown': {
    status: 409,
    title: 'The flow is not configured',
    remedy: 'Declare the flow in linchpin.yaml and apply it, or discard the dead letter.',
  },
  'delivery.input_invalid': {
    status: 400,
    title: 'The input is not what the action takes',
    remedy: 'Mend the field that the message names; linchpin dead-letters show prints the input as it was.',
  },
  'delivery.mapping_failed': {
    status: 422,
    title: 'The mapping of a flow failed',
    remedy: 'Mend the flow, apply it, and map the events anew with linchpin dead-letters retry --flow.',
  },
  'delivery.person_unknown': {
    status: 404,
    title: 'Nothing is known of this person',
    remedy: 'Try the user id: events are filed under it when they have one, and under the address otherwise.',
  },
} as const satisfies ErrorCatalogue;
