import { hubspotEmulator } from '../../emulators/hubspot/index.ts';
import type { HubspotEmulator } from '../../emulators/hubspot/index.ts';
import { hubspot } from '../../src/connectors/hubspot/index.ts';
import type { Outcome } from '../../src/kernel/outcome.ts';
import type { ActionRecipe } from './connector-suite/recipe.ts';
import { describeConnector } from './describe-connector.ts';

const TOKEN = 'sentinel-hubspot-token';
const FORM = '11111111-2222-4333-8444-555555555555';
const AT = '2026-10-01T10:00:00.000Z';

const ORDER_ID = {
  groupName: 'dealinformation',
  name: 'order_id',
  label: 'Order',
  type: 'string',
  fieldType: 'text',
  hasUniqueValue: true,
};

const contact = (email: string) => ({ type: 'contacts', by: 'email', value: email });
const reader = (index: number) => `reader-${String(index)}@example.com`;
const acme = { type: 'companies', by: 'domain', value: 'acme.com' };
/** Set when waiting inputs are merged; no mapping gives them. */
const setByMerging = ['earlier', 'times'];

function seedReaders({ admin }: HubspotEmulator, count: number): void {
  const contacts = Array.from({ length: count }, (_, index) => ({ properties: { email: reader(index) } }));
  admin.seed({ portals: [{ portalId: 1_000_001, objects: { contacts } }] });
}

function recordsOf(state: unknown): unknown {
  const { portals } = state as { portals: readonly { usedToday: number }[] };
  return portals.map(({ usedToday: _calls, ...portal }) => portal);
}

/** Adding to a list and taking off it differ in what becomes of somebody who is no contact. */
function listChange(is_member: boolean, outcomeOfStranger: Outcome['kind']): ActionRecipe<HubspotEmulator> {
  const change = (email: string) => ({ list: { name: 'Readers' }, member: contact(email) });
  return {
    required: change('asa@example.com'),
    full: { ...change('asa@example.com'), is_member },
    options: { create: true },
    arrange: seedReaders,
    many: (index) => change(reader(index)),
    partial: [
      {
        name: 'a member that is no contact yet',
        inputs: [reader(0), 'late@example.com'].map(change),
        outcomes: ['delivered', outcomeOfStranger],
      },
    ],
  };
}

describeConnector(hubspot, {
  emulator: hubspotEmulator,
  settings: (url) => ({ access_token: TOKEN, base_url: url, plan: 'enterprise' }),
  seed: {
    portals: [
      {
        portalId: 1_000_001,
        plan: 'enterprise',
        tokens: [{ token: TOKEN }],
        objects: {
          contacts: [{ properties: { email: 'asa@example.com' } }],
          companies: [{ properties: { name: 'Acme', domain: 'acme.com' } }],
        },
        properties: { deals: [ORDER_ID] },
        forms: [{ guid: FORM, fields: [{ name: 'email', required: true }, { name: 'firstname' }] }],
      },
    ],
    switches: { eventLagMs: 0, searchLagMs: 0 },
  },
  // Of the counters of the day only the calls differ.
  lasting: ({ admin }) =>
    ['contacts', 'companies', 'deals', 'notes', 'tasks'].map((type) =>
      recordsOf(admin.state(new URLSearchParams({ type }))),
    ),
  inputs: {
    'upsert-contact': {
      required: { email: 'new@example.com', properties: { firstname: 'Åsa' } },
      full: {
        email: 'new@example.com',
        key: { by: 'email', value: 'new@example.com' },
        properties: { firstname: 'Åsa', lastname: 'Berg' },
        occurred_at: AT,
        associations: [{ to: acme }],
      },
      setByMerging,
      many: (index) => ({ email: reader(index), properties: { lastname: 'Berg' } }),
      partial: [
        {
          name: 'an address that HubSpot refuses',
          inputs: ['a@example.com', 'a,b@example.com', 'c@example.com'].map((email) => ({
            email,
            properties: {},
          })),
          outcomes: ['delivered', 'rejected', 'delivered'],
        },
      ],
    },
    'upsert-company': {
      required: { domain: 'example.org', properties: { name: 'Example' } },
      full: {
        domain: 'example.org',
        key: { by: 'domain', value: 'example.org' },
        properties: { name: 'Example' },
        occurred_at: AT,
        associations: [{ to: contact('asa@example.com') }],
      },
      setByMerging,
      many: (index) => ({ domain: `c${String(index)}.example.org`, properties: { name: 'Example' } }),
      partial: [
        {
          name: 'a domain that is none',
          inputs: [
            { domain: 'a.example.org', properties: { name: 'A' } },
            { domain: 'no domain', properties: { name: 'B' } },
          ],
          outcomes: ['delivered', 'rejected'],
        },
      ],
    },
    'upsert-object': {
      required: {
        object: 'deals',
        key: { by: 'order_id', value: '1' },
        properties: { dealname: 'Magazine' },
      },
      full: {
        object: 'deals',
        key: { by: 'order_id', value: '1' },
        pipeline: 'default',
        stage: 'appointmentscheduled',
        properties: { dealname: 'Magazine' },
        occurred_at: AT,
        associations: [{ to: contact('asa@example.com') }],
      },
      setByMerging,
      many: (index) => ({
        object: 'deals',
        key: { by: 'order_id', value: String(index) },
        properties: { dealname: 'Magazine' },
      }),
      partial: [
        {
          name: 'an id that nobody has',
          inputs: ['order_id', 'id', 'order_id'].map((by, index) => ({
            object: 'deals',
            key: { by, value: `40${String(index)}` },
            properties: { dealname: 'Magazine' },
          })),
          outcomes: ['delivered', 'rejected', 'delivered'],
        },
      ],
    },
    associate: {
      required: { from: contact('asa@example.com'), to: acme },
      full: { from: contact('asa@example.com'), to: acme, label: 'Primary' },
      arrange: seedReaders,
      many: (index) => ({ from: contact(reader(index)), to: acme }),
      partial: [
        {
          name: 'an end that is not there',
          inputs: [reader(0), 'late@example.com'].map((email) => ({ from: contact(email), to: acme })),
          outcomes: ['delivered', 'retry'],
        },
      ],
    },
    'send-event': {
      required: { event: 'Order Completed', email: 'asa@example.com' },
      full: {
        event: 'Order Completed',
        email: 'asa@example.com',
        utk: 'aa00',
        object_id: '1',
        object_type: 'contacts',
        occurred_at: AT,
        uuid: 'm-1',
        properties: { total: 12.5 },
        contact_properties: { firstname: 'Åsa' },
      },
      options: { schema: 'create' },
      many: (index) => ({ event: 'Order Completed', email: reader(index), uuid: `m-${String(index)}` }),
      partial: [
        {
          name: 'an event of nobody',
          inputs: [{ event: 'A', email: reader(0) }, { event: 'A' }],
          outcomes: ['delivered', 'rejected'],
        },
      ],
      trusts2xx: {
        '*/event-definitions/*': 'An event of an unknown definition is refused by HubSpot itself.',
        '/account-info/*': 'The number of the account is for the links of notes.',
        '/events/*/send/*': 'HubSpot answers 204 without a body.',
      },
    },
    'add-to-list': listChange(true, 'retry'),
    'remove-from-list': listChange(false, 'skipped'),
    'create-engagement': {
      required: { type: 'note', key: 'n-1', occurred_at: AT },
      full: {
        type: 'task',
        key: 't-1',
        occurred_at: AT,
        title: 'Call back',
        body: 'About the renewal.',
        owner_id: 1,
        properties: {},
        associations: [{ to: contact('asa@example.com') }],
      },
      many: (index) => ({ type: 'note', key: `n-${String(index)}`, occurred_at: AT, body: 'Hello.' }),
      partial: [
        {
          name: 'a note about nobody',
          inputs: [
            { type: 'note', key: 'n-1', occurred_at: AT },
            {
              type: 'note',
              key: 'n-2',
              occurred_at: AT,
              associations: [{ to: contact('late@example.com') }],
            },
          ],
          outcomes: ['delivered', 'retry'],
        },
      ],
      trusts2xx: { '/crm/properties/*': 'The property of the key is used only if HubSpot knows it.' },
    },
    'submit-form': {
      required: { form_id: FORM, fields: { email: 'asa@example.com' } },
      full: {
        form_id: FORM,
        fields: { email: 'asa@example.com', firstname: 'Åsa' },
        submitted_at: '2026-11-20T10:00:00.000Z',
        hutk: 'aa000000000000000000000000000000',
        ip_address: '192.0.2.1',
        page_url: 'https://example.com/',
        page_name: 'Front page',
        page_id: '1',
        consent: { process: true, text: 'I agree.' },
      },
      trusts2xx: { '/submissions/*': 'HubSpot answers with a message for the visitor.' },
    },
    'delete-contact': {
      required: { contact: { by: 'email', value: 'asa@example.com' } },
      full: { contact: { by: 'email', value: 'asa@example.com' } },
      options: { confirm: 'delete contacts' },
      arrange: seedReaders,
      many: (index) => ({ contact: { by: 'email', value: reader(index) } }),
      partial: [
        {
          name: 'a contact that is not there',
          inputs: [reader(0), 'late@example.com'].map((value) => ({ contact: { by: 'email', value } })),
          outcomes: ['delivered', 'skipped'],
        },
      ],
      trusts2xx: { '*/batch/archive': 'HubSpot answers 204 without a body.' },
    },
  },
  failures: [
    {
      row: 'a token that was revoked',
      arrange: ({ admin }) =>
        admin.seed({ portals: [{ portalId: 1_000_001, tokens: [{ token: TOKEN, isRevoked: true }] }] }),
    },
    {
      row: 'a token without the scope',
      arrange: ({ admin }) =>
        admin.seed({ portals: [{ portalId: 1_000_001, tokens: [{ token: TOKEN, scopes: [] }] }] }),
    },
    { row: 'a record that is being written', fault: { preset: 'locked' }, waitMs: 2_000 },
    { row: 'a day without calls left', fault: { preset: 'daily_limit' }, waitMs: 3_600_000 },
    { row: 'a second without searches left', fault: { preset: 'search_limit' }, waitMs: 1_000 },
    { row: 'ten seconds without calls left', fault: { preset: 'burst_limit' }, waitMs: 10_000 },
    { row: 'an account that moves', fault: { preset: 'migrating' }, waitMs: 60_000 },
    { row: 'a token that is none', fault: { status: 530, body: 'error code: 1016' } },
    { row: 'a gateway without its server', fault: { preset: 'bad_gateway' } },
  ],
});
