/** Each preset makes of every event of its types an input that its action takes, or says why not. */
import { describe, expect, test } from 'vitest';
import type { EventType, LoggedEvent } from '../../../src/kernel/event.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { AnyConnector, AnyPreset } from '../../../src/kit/index.ts';
import { checkoutConfirmedSchema } from '../../../src/subscribers/index.ts';
import { aContract, anEntitlement, aSubscriber } from '../../support/a-subscriber.ts';

const AT = '2026-11-21T12:00:00.000Z';
const NAMES = [
  'userVendor.1#new',
  'userVendor.1#update',
  'contract.1#purchased',
  'contract.1#update',
  'contract#cancelRequest',
  'entitlement.1#new',
  'entitlement.1#update',
  'checkout.1#confirm',
];

const CAUSES = NAMES.map((eventType, index) => ({
  eventType,
  eventId: `raw-${String(index)}`,
  occurredAt: AT,
  ids: { contractId: 'contract_789', entitlementId: null, checkoutId: 'checkout_345' },
}));

const nobody = aSubscriber();
const somebody = aSubscriber({
  person: {
    userId: 'user_456',
    email: 'asa@example.com',
    emailVerified: true,
    firstName: 'Åsa',
    lastName: 'Berg',
    locale: 'sv-SE',
    createdAt: AT,
  },
  phones: { mobile: '+46701234567' },
  tags: ['VIP'],
  contracts: [aContract()],
  entitlements: [anEntitlement()],
  products: [{ sku: 'MAG-001', title: 'Premium Magazine' }],
});

function checkout(parts: JsonObject): JsonObject {
  const { person, phones, addresses } = somebody;
  const given = {
    checkout: { id: 'checkout_345', ...parts },
    products: [],
    attribution: null,
    causes: CAUSES,
  };
  return toPayload(checkoutConfirmedSchema.parse({ ...given, person, phones, addresses }));
}

/** Payloads with as little as an event of the type may hold, and with much. */
const PAYLOADS: Readonly<Record<EventType, readonly JsonObject[]>> = {
  'subscriber.changed': [nobody, somebody].map((snapshot) => toPayload({ snapshot, causes: CAUSES })),
  'checkout.confirmed': [
    checkout({}),
    checkout({
      status: 'confirmed',
      price: 129,
      currency: 'SEK',
      email: 'asa@example.com',
      redirectUrl: 'https://www.example.com/thanks',
      items: [{ sku: 'MAG-001', price: 129, currency: 'SEK' }],
      attribution: { gaCookie: 'GA1.1.1111111111.1700000000', referrer: 'https://search.example/' },
    }),
  ],
  subscriber: NAMES.map((eventType) => ({ eventType, vendorId: 'v', userId: 'user_456', occured_at: AT })),
  identify: [{}, { userId: 'user_456', traits: { email: 'asa@example.com', name: 'Åsa Berg' } }],
  track: [{}, { event: 'Read', userId: 'user_456', properties: { title: 'News' } }],
  page: [{}, { name: 'Front', userId: 'user_456', properties: { url: 'https://www.example.com/' } }],
  screen: [{}],
  group: [{}, { groupId: 'g1', userId: 'user_456', traits: { name: 'Acme' } }],
  alias: [{}],
  record: [{}],
  connection: [{}],
};

export function describePresets(connector: AnyConnector): void {
  describe('its presets', () => {
    test.each(connector.presets.map((preset) => [preset.id, preset] as const))(
      '%s makes of each of its events an input or a reason, and always the same',
      (_id, preset) => {
        const options: unknown = preset.action.options.parse(preset.options);
        for (const event of eventsFor(preset)) {
          const mapped = preset.map(event, options);
          expect(preset.map(event, options)).toEqual(mapped);
          if (mapped.kind === 'input') {
            expect(preset.action.input.safeParse(mapped.input).error).toBeUndefined();
          } else {
            expect(mapped.kind === 'skip' ? mapped.reason : mapped.fault.message).toMatch(/\w.*\.$/);
          }
        }
      },
    );
  });
}

function eventsFor({ when: { types, names } }: AnyPreset): readonly LoggedEvent[] {
  return types.flatMap((type) =>
    PAYLOADS[type].flatMap((payload, index) => {
      const name = nameOf(payload);
      if (names !== undefined && (name === null || !names.includes(name))) return [];
      const times = { occurredAt: AT, receivedAt: AT };
      const ids = { id: `e${String(index)}`, source: 'any', personKey: 'user_456', position: index };
      return [{ ...ids, ...times, type, name, payload }];
    }),
  );
}

function nameOf({ eventType, event, name }: JsonObject): string | null {
  const found = [eventType, event, name].find((value) => typeof value === 'string');
  return found ?? null;
}

/** As events come from the log. */
function toPayload(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
