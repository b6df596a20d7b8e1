import { describe } from 'vitest';
import { ruleEmulator } from '../../emulators/rule/index.ts';
import { rule } from '../../src/connectors/rule/index.ts';
import { describeConnector } from './describe-connector.ts';

const required = { email: 'asa@example.com', tags: ['sesamy'] };
const full = {
  email: 'Asa@Example.com',
  phone: '+46701234567',
  tags: ['sesamy', 'sesamy_active_subscriber'],
  keep_tags: ['sesamy_made_single_purchase'],
  fields: {
    'Subscriber.FirstName': 'Åsa',
    'Sesamy_User.Created': '2026-11-21T12:00:00Z',
    'Sesamy_ActiveProducts.SKU': ['MAG-001', 'DIG-001'],
    'Sesamy_Subscription.Status': null,
  },
};

describe.each(['v3', 'v2'])('by %s', (api_version) => {
  describeConnector(rule, {
    emulator: ruleEmulator,
    settings: (url) => ({ base_url: url, api_key: 'sentinel-rule-api-key', api_version }),
    seed: {
      keys: ['sentinel-rule-api-key'],
      subscribers: [{ email: 'asa@example.com', tags: ['sesamy_overdue_contract', 'VIP'] }],
    },
    // But for times, and for what a tag has started that comes and goes between two writes.
    lasting: ({ state }) =>
      state.subscribers.all().map(({ email, phone_number, status, tags, rows }) => ({
        email,
        phone_number,
        status,
        tags: [...tags].map(({ name }) => name).toSorted(),
        fields: Object.fromEntries(rows.map(({ group, values }) => [group, Object.fromEntries(values)])),
      })),
    inputs: {
      'upsert-subscriber': {
        required,
        full,
        options: { field_types: { 'Sesamy_User.Created': 'datetime' } },
      },
    },
    failures: [
      { row: 'a subscriber whom another call is creating', fault: { preset: 'conflict' } },
      { row: 'a key that is blocked', fault: { preset: 'blocked' }, waitMs: 600_000 },
    ],
  });
});
