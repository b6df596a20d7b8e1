import type { LoggedEvent } from '../../src/kernel/event.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { checkoutConfirmedSchema } from '../../src/subscribers/index.ts';

/** A confirmed checkout of the Premium Magazine for tests, as the log has it, with whatever the test needs to say. */
export function aCheckoutConfirmed(checkout: object = {}, attribution: object | null = null): LoggedEvent {
  const payload = checkoutConfirmedSchema.parse({
    checkout: {
      id: 'checkout_1',
      items: [{ sku: 'MAG-001', optionId: 'po-123', price: 99.5, currency: 'SEK' }],
      ...checkout,
    },
    products: [{ sku: 'MAG-001', title: 'Premium Magazine', type: 'publication' }],
    attribution,
    person: { userId: 'email|84cc', email: 'asa@example.com', firstName: 'Åsa' },
    phones: { mobile: '070-123 45 67' },
    addresses: { billing: { city: 'Malmö', zip: '211 22', country: 'SE' }, delivery: null },
    causes: [],
  });
  return {
    position: 1,
    id: 'checkout_abc',
    source: 'sesamy',
    type: 'checkout.confirmed',
    name: 'checkout.1#confirm',
    personKey: 'email|84cc',
    occurredAt: '2026-11-21T11:00:00.000Z',
    receivedAt: '2026-11-21T11:00:01.000Z',
    // What is absent is null in it, so that it is JSON as it stands.
    payload: JSON.parse(JSON.stringify(payload)) as JsonObject,
  };
}
