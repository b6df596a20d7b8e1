/** A token with the scopes that `connectors test` asks for, and no others, runs the flows that they were worked out of. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import { scopesOf } from '../../src/connectors/hubspot/scopes/needed-scopes.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import type { FlowUse } from '../../src/kit/index.ts';
import { makeTestPortal } from '../support/test-portal.ts';
import type { TestPortal } from '../support/test-portal.ts';

let portal: TestPortal;

beforeEach(async () => {
  portal = await makeTestPortal();
  const properties = { email: 'a@x.io' };
  portal.emulator.admin.seed({ portals: [{ portalId: DEFAULT_PORTAL_ID, contacts: [{ properties }] }] });
});
afterEach(() => portal.close());

function allowOnly(flow: FlowUse): void {
  const scopes = [...scopesOf([flow]).keys()];
  portal.emulator.admin.seed({
    portals: [{ portalId: DEFAULT_PORTAL_ID, tokens: [{ token: DEFAULT_TOKEN, scopes }] }],
  });
}

const traits = { email: 'a@x.io', firstName: 'Ann', shoe_size: 38 };
const context = { traits };

test.each<[string, JsonObject, object]>([
  ['hubspot/identify', { traits }, {}],
  ['hubspot/identify', { userId: 'u1', traits }, { user_id_property: 'user_id', create_key: true }],
  ['hubspot/identify', { traits }, { schema: 'create' }],
  ['hubspot/group', { context, traits: { website: 'https://www.acme.com', name: 'Acme' } }, {}],
  [
    'hubspot/group',
    { context, traits: { website: 'https://www.acme.com', name: 'Acme' } },
    { associate: false, domain_property: null },
  ],
  ['hubspot/track', { event: 'Order Completed', context, properties: { total: 5 } }, {}],
  ['hubspot/track', { event: 'Order Completed', context }, { contact_traits: false }],
  ['hubspot/page', { name: 'Home', context }, {}],
  ['hubspot/last-page', { name: 'Home', context }, {}],
])('%s is delivered: %j with %j', async (id, payload, options) => {
  const preset = hubspot.presets.find((each) => each.id === id);
  if (preset === undefined) throw new TypeError(id);
  allowOnly({ preset, options: preset.action.options.parse({ ...(preset.options as object), ...options }) });
  expect(await portal.run(id, [payload], { options })).toMatchObject([{ kind: 'delivered' }]);
});

const contact = { type: 'contacts', by: 'email', value: 'a@x.io' };

test.each<[string, JsonObject, object]>([
  ['upsert-contact', { email: 'b@x.io', properties: { plan: 'x' } }, { schema: 'create' }],
  [
    'upsert-object',
    {
      object: 'deals',
      key: { by: 'deal_key', value: 'D-1' },
      properties: { dealname: 'D' },
      associations: [{ to: contact }],
    },
    { create_key: true },
  ],
  [
    'upsert-object',
    {
      object: 'tickets',
      key: { by: 'ticket_key', value: 'T-1' },
      pipeline: '0',
      stage: '1',
      properties: { subject: 'T' },
    },
    { create_key: true },
  ],
  [
    'upsert-object',
    { object: 'orders', key: { by: 'order_key', value: 'O-1' }, properties: { hs_order_name: 'O' } },
    { create_key: true },
  ],
  ['send-event', { event: 'x', email: 'a@x.io' }, { schema: 'create' }],
  ['add-to-list', { list: { name: 'VIP' }, member: contact }, { create: true }],
  [
    'create-engagement',
    { type: 'note', key: 'k', occurred_at: 1_790_000_000_000, associations: [{ to: contact }] },
    {},
  ],
  ['delete-contact', { contact: { by: 'email', value: 'a@x.io' } }, { confirm: 'delete contacts' }],
])('%s is delivered: %j with %j', async (id, input, options) => {
  const action = hubspot.actions[id];
  if (action === undefined) throw new TypeError(id);
  // An input as it is makes a mapping without directives.
  allowOnly({ preset: { id: `hubspot/${id}`, action }, options: action.options.parse(options), map: input });
  expect(await portal.deliver(id, [input], options)).toMatchObject([{ kind: 'delivered' }]);
});
