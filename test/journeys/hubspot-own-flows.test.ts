import { Analytics } from '@segment/analytics-node';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import { makeAcme, minimalConfiguration, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';

// Flows of one's own for what no preset does, one per action, each for the track call of its name.
const FLOWS = `
  - { name: vip, action: hubspot/add-to-list, from: site, to: hubspot, options: { create: true },
      when: { path: event, equals: VIP },
      map: { list: { name: VIP }, member: { type: contacts, by: email, value: { $path: userId } } } }
  - { name: call, action: hubspot/create-engagement, from: site, to: hubspot,
      when: { path: event, equals: Called },
      map: { type: call, key: { $path: messageId }, occurred_at: { $path: timestamp }, title: Support,
             associations: [{ to: { type: contacts, by: email, value: { $path: userId } } }] } }
  - { name: forget, action: hubspot/delete-contact, from: site, to: hubspot,
      options: { mode: gdpr, confirm: delete contacts for good },
      when: { path: event, equals: Forget },
      map: { contact: { by: email, value: { $path: userId } } } }
`;

let acme: Acme;
let linchpin: LinchpinProcess;

beforeAll(async () => {
  acme = await makeAcme();
  acme.configure(`${minimalConfiguration(acme.hubspot.url, acme.sesamy.url).trimEnd()}${FLOWS}`);
  linchpin = await acme.up();
});

afterAll(() => acme.close());

async function send(calls: (analytics: Analytics) => void): Promise<void> {
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: linchpin.url, flushAt: 20 });
  calls(analytics);
  await analytics.closeAndFlush();
}

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const response = await request(acme.hubspot.url + path, {
    method,
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return response.body.json();
}

test('what is done to a contact waits for the contact, that the same batch of calls brings', async () => {
  const userId = 'ann@x.io';
  await send((analytics) => {
    analytics.track({ userId, event: 'VIP', messageId: 'vip-1' });
    analytics.track({ userId, event: 'Called', messageId: 'called-1' });
    analytics.identify({ userId, traits: { firstName: 'Ann' } });
  });
  await acme.settled();
  const { list } = (await ask('GET', '/crm/v3/lists/object-type-id/0-1/name/VIP')) as {
    list: { listId: string };
  };
  expect(await ask('GET', `/crm/v3/lists/${list.listId}/memberships`)).toMatchObject({ total: 1 });
  expect(
    await ask('GET', '/crm/v3/objects/calls?properties=hs_call_title&associations=contacts'),
  ).toMatchObject({
    results: [{ properties: { hs_call_title: 'Support' }, associations: { contacts: { results: [{}] } } }],
  });
});

test('who asks to be forgotten is gone from HubSpot', async () => {
  await send((analytics) => {
    analytics.track({ userId: 'ann@x.io', event: 'Forget', messageId: 'forget-1' });
  });
  await acme.settled();
  expect(acme.contacts().has('ann@x.io')).toBe(false);
});
