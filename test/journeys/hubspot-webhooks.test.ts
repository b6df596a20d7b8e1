import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import { makeAcme, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { postJson } from '../support/emulator-client.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { until } from '../support/until.ts';

// One Linchpin runs for the whole file, and each test goes on where the one before it ended.
let acme: Acme;
let linchpin: LinchpinProcess;

const SECRET = 'the-secret-of-the-private-app';
// The app of the emulator's default token, and another program with a token of its own.
const OWN_APP = 2_000_001;
const OTHER_TOKEN = 'pat-na1-somebody-else';

beforeAll(async () => {
  acme = await makeAcme();
  acme.configure(`workspace: acme
sources:
  site: { type: segment, write_key: ${WRITE_KEY} }
connections:
  hubspot: { connector: hubspot, access_token: ${DEFAULT_TOKEN}, webhook_secret: ${SECRET}, base_url: "${acme.hubspot.url}", plan: professional }
flows:
  - { preset: hubspot/identify, from: site, to: hubspot }
`);
  linchpin = await acme.up();
  acme.hubspot.admin.seed({
    portals: [{ portalId: 1_000_001, tokens: [{ token: OTHER_TOKEN, appId: 9_000_009 }] }],
    apps: [
      {
        appId: OWN_APP,
        clientId: 'private',
        clientSecret: SECRET,
        webhooks: {
          targetUrl: `${linchpin.url}/webhooks/hubspot`,
          subscriptions: [
            { eventType: 'contact.creation' },
            { eventType: 'contact.propertyChange', propertyName: 'firstname' },
          ],
        },
      },
    ],
  });
});

afterAll(async () => {
  await acme.close();
});

let identified = 0;
async function identify(firstName: string): Promise<void> {
  identified += 1;
  await postJson(`${linchpin.url}/v1/identify`, {
    writeKey: WRITE_KEY,
    userId: 'ada',
    messageId: `identify-${String(identified)}`,
    traits: { email: 'ada@example.com', firstName },
  });
  await acme.settled();
}

const calls = () => acme.hubspot.admin.countRequests({ path: '*/contacts/batch/*' });
const firstName = () => acme.contacts().get('ada@example.com')?.['firstname'];
const recordEvents = async () =>
  (await acme.ask('events', 'tail', '--limit', '100')).filter(
    (event) => (event as { readonly type: string }).type === 'record',
  );

test('the echo of an own write is no news: what HubSpot acknowledged is not sent again', async () => {
  await identify('Ada');
  await until(() => acme.hubspot.admin.webhooks().length > 0, { what: 'a webhook of the creation' });
  await until(() => acme.hubspot.admin.webhooks().every(({ state }) => state === 'delivered'));
  const before = calls();
  await identify('Ada');
  expect(calls()).toBe(before);
  expect(await recordEvents()).toEqual([]);
});

test('what somebody else writes is known from then on: the same value is sent again', async () => {
  await fetch(`${acme.hubspot.url}/crm/v3/objects/contacts/ada%40example.com?idProperty=email`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${OTHER_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ properties: { firstname: 'Augusta' } }),
  });
  expect(firstName()).toBe('Augusta');
  await until(async () => (await recordEvents()).length === 1, { what: 'the event of the change' });
  await identify('Ada');
  expect(firstName()).toBe('Ada');
});
