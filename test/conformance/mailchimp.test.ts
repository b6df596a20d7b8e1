import { mailchimpEmulator } from '../../emulators/mailchimp/index.ts';
import { DEFAULT_LIST } from '../../emulators/mailchimp/state.ts';
import { subscriberHash } from '../../emulators/mailchimp/member.ts';
import { mailchimp } from '../../src/connectors/mailchimp/index.ts';
import { subscribers } from '../../src/connectors/mailchimp/presets/subscribers.ts';
import { describeConnector } from './describe-connector.ts';

const KEY = 'sentinel-mailchimp-key-us6';
const ANN = 'ann@daily.se';

const event = {
  id: 'e1',
  name: 'contract_update',
  occurred_at: '2026-11-21T12:00:00.000Z',
};

describeConnector(mailchimp, {
  emulator: mailchimpEmulator,
  settings: (url) => ({
    api_key: KEY,
    list_id: DEFAULT_LIST,
    status_if_new: 'transactional',
    base_url: url,
  }),
  seed: {
    keys: [KEY],
    lists: [
      {
        members: [{ email_address: ANN }],
        forgotten: ['gone@daily.se'],
        compliance: ['barred@daily.se'],
      },
      { id: 'second' },
    ],
  },
  // The vendor stamps every write with its time, and the audiences are all that it keeps.
  lasting: ({ admin }) => admin.state(new URLSearchParams()),
  inputs: {
    'upsert-member': {
      required: { email: 'asa@daily.se' },
      full: {
        email: 'asa@daily.se',
        list_id: 'second',
        merge_fields: {
          FNAME: 'Åsa',
          SMYACTSUBS: 2,
          SMYLASTSEE: '2026-11-21',
          ADDRESS: { addr1: 'Storgatan 1', city: 'Lund', state: 'Skåne', zip: '22100', country: 'SE' },
        },
        tags: { set: ['sesamy_active_subscriber'], keep: ['sesamy_made_single_purchase'] },
      },
      options: subscribers.options,
      many: (index) => ({
        email: `reader${String(index)}@daily.se`,
        merge_fields: { SMYACTSUBS: index },
        tags: { set: ['sesamy_active_subscriber'] },
      }),
      partial: [
        {
          name: 'addresses that Mailchimp will not have among others',
          inputs: [
            { email: 'asa@daily.se' },
            { email: 'gone@daily.se' },
            { email: 'barred@daily.se' },
            { email: 'asa@example.com' },
            { email: 'bo@daily.se' },
          ],
          outcomes: ['delivered', 'skipped', 'delivered', 'rejected', 'delivered'],
        },
        {
          name: 'one contact that meets an error of the vendor',
          inputs: [{ email: 'asa@daily.se' }, { email: 'bo@daily.se' }],
          fault: { path: `*/${subscriberHash('asa@daily.se')}`, status: 503 },
          outcomes: ['retry', 'delivered'],
        },
      ],
    },
    'record-activity': {
      required: { email: ANN, events: [event] },
      full: {
        email: ANN,
        list_id: DEFAULT_LIST,
        events: [
          { ...event, properties: { event_type: 'contract.1#update' } },
          { ...event, id: 'e2' },
        ],
      },
    },
  },
  failures: [
    { row: 'the eleventh connection open at once', fault: { preset: 'too-many-connections' }, waitMs: 2_000 },
    { row: 'a burst', fault: { preset: 'bursting' } },
    { row: 'an audience that is not there', input: { email: 'asa@daily.se', list_id: 'nosuch' } },
    { row: 'a method that is disabled for the account', fault: { preset: 'compliance-related' } },
  ],
});
