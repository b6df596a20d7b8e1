import { Analytics } from '@segment/analytics-node';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_PORTAL_ID, DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { Story } from '../../src/delivery/index.ts';
import { makeAcme, minimalConfiguration, WRITE_KEY } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';

// One Linchpin and one Enterprise account of HubSpot for every kind of call.
let acme: Acme;
let linchpin: LinchpinProcess;

beforeAll(async () => {
  acme = await makeAcme();
  acme.hubspot.admin.seed({ portals: [{ portalId: DEFAULT_PORTAL_ID, plan: 'enterprise' }] });
  acme.configure(
    minimalConfiguration(acme.hubspot.url, acme.sesamy.url)
      .replace('plan: professional', 'plan: enterprise')
      .concat(
        ['group', 'track', 'page', 'last-page']
          .map((preset) => `  - { preset: hubspot/${preset}, from: site, to: hubspot }\n`)
          .join(''),
      ),
  );
  linchpin = await acme.up();
});

afterAll(() => acme.close());

/** Calls as a publisher's server makes them, all the way until nothing is left to do. */
async function send(calls: (analytics: Analytics) => void): Promise<void> {
  const analytics = new Analytics({ writeKey: WRITE_KEY, host: linchpin.url, flushAt: 20 });
  const failures: unknown[] = [];
  analytics.on('error', (error) => failures.push(error));
  calls(analytics);
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);
  await acme.settled();
}

test('an identify call with the company object of the specification becomes a contact', async () => {
  await send((analytics) => {
    analytics.identify({
      userId: 'u1',
      messageId: 'identify-1',
      traits: {
        email: 'peter@example.com',
        firstName: 'Peter',
        lastName: 'Gibbons',
        title: 'Engineer',
        address: { street: 'Main St 1', city: 'Austin', postalCode: '78701', country: 'USA' },
        company: { id: 'c1', name: 'Initech', industry: 'Software', employee_count: 120, plan: 'pro' },
      },
    });
  });
  expect(acme.contacts().get('peter@example.com')).toMatchObject({
    firstname: 'Peter',
    lastname: 'Gibbons',
    address: 'Main St 1',
    city: 'Austin',
    zip: '78701',
    company: 'Initech',
  });
  const [story] = (await acme.ask('deliveries', 'show', 'identify-1')) as [Story];
  const notes = JSON.stringify(story.attempts.flatMap(({ items }) => items));
  for (const name of ['company.id', 'company.industry', 'company.employee_count', 'company.plan', 'title']) {
    expect(notes).toContain(name);
  }
});

test('a group call right after the identify call becomes a company, with its contact', async () => {
  await send((analytics) => {
    analytics.identify({ userId: 'milton@example.com', traits: { firstName: 'Milton' } });
    analytics.group({
      userId: 'milton@example.com',
      groupId: 'g1',
      traits: {
        website: 'https://www.initech.com/about',
        name: 'Initech',
        employees: 120,
        industry: 'Computer Software',
        address: { street: 'Main St 1', city: 'Austin', state: 'TX', postalCode: '78701' },
      },
    });
  });
  const companies = await search('companies', 'domain', 'initech.com');
  expect(companies).toMatchObject([
    {
      properties: {
        name: 'Initech',
        domain: 'initech.com',
        website: 'https://www.initech.com/about',
        numberofemployees: '120',
        industry: 'COMPUTER_SOFTWARE',
        city: 'Austin',
        zip: '78701',
      },
    },
  ]);
  const [contact] = await search('contacts', 'email', 'milton@example.com');
  const linked = await ask(
    'GET',
    `/crm/v4/objects/companies/${companies[0]?.id ?? ''}/associations/contacts`,
  );
  expect(linked).toMatchObject({ results: [{ toObjectId: Number(contact?.id) }] });
});

test('a track call becomes an event, and its context.traits properties of the contact', async () => {
  const timestamp = new Date('2026-11-20T10:00:00.000Z');
  await send((analytics) => {
    analytics.track({
      userId: 'YOUR_USER_ID',
      event: 'Bought Item',
      properties: { email: 'samir@example.com', sku: '00042', price: 20.5 },
      context: { traits: { firstname: 'Samir', lastName: 'Nagheenanajar' } },
      timestamp,
    });
  });
  expect(acme.contacts().get('samir@example.com')).toMatchObject({
    firstname: 'Samir',
    lastname: 'Nagheenanajar',
  });
  expect(await eventsOf('bought_item')).toMatchObject([
    {
      // The clocks of sender and receiver are compared, which costs milliseconds.
      occurredAt: expect.stringMatching(/^2026-11-20T10:00:00/) as string,
      properties: { sku: '00042', price: '20.5' },
    },
  ]);
});

test('a page call becomes an event, and the last page of the contact', async () => {
  const url = 'https://example.com/pricing';
  await send((analytics) => {
    analytics.page({
      userId: 'samir@example.com',
      name: 'Pricing',
      category: 'Docs',
      properties: { url, title: 'Our prices' },
    });
  });
  expect(await eventsOf('viewed_page')).toMatchObject([
    { properties: { name: 'Pricing', category: 'Docs', url, title: 'Our prices' } },
  ]);
  expect(acme.contacts().get('samir@example.com')).toMatchObject({
    last_page_url: url,
    last_page_title: 'Our prices',
  });
});

test('a call that HubSpot has no use for is skipped, and the record says why', async () => {
  await send((analytics) => {
    analytics.group({
      userId: 'u1',
      groupId: 'g2',
      messageId: 'group-2',
      traits: { website: 'initech.com', name: 'Initech' },
    });
  });
  const [story] = (await acme.ask('deliveries', 'show', 'group-2')) as [Story];
  expect(story.attempts.flatMap(({ items }) => items)).toMatchObject([
    { outcome: 'skipped', reason: expect.stringContaining('no full web address') as string },
  ]);
});

// Longer than search and events take to show what was written.
const LATE_MS = 60_000;

interface Found {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
}

async function search(type: string, property: string, value: string): Promise<readonly Found[]> {
  acme.hubspot.clock.advance(LATE_MS);
  const filters = [{ propertyName: property, operator: 'EQ', value }];
  const properties = 'name domain website numberofemployees industry city zip'.split(' ');
  const { results } = (await ask('POST', `/crm/v3/objects/${type}/search`, {
    filterGroups: [{ filters }],
    properties,
  })) as { readonly results: readonly Found[] };
  return results;
}

/** Occurrences of an event, which HubSpot shows a little after it accepted them. */
async function eventsOf(name: string): Promise<readonly unknown[]> {
  acme.hubspot.clock.advance(LATE_MS);
  const query = new URLSearchParams({ eventType: `pe${String(DEFAULT_PORTAL_ID)}_${name}` }).toString();
  const { results } = (await ask('GET', `/events/v3/events?${query}`)) as {
    readonly results: readonly unknown[];
  };
  return results;
}

async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const response = await request(acme.hubspot.url + path, {
    method,
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.body.json();
  expect([method, path, response.statusCode, answer]).toMatchObject([method, path, 200, {}]);
  return answer;
}
