import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import type { LoggedEvent } from '../../src/kernel/event.ts';
import type { Story } from '../../src/delivery/index.ts';
import { makeAcme, minimalConfiguration, TOKEN } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import type { LinchpinProcess } from '../support/linchpin-process.ts';
import { postJson } from '../support/emulator-client.ts';
import { until } from '../support/until.ts';

// One publisher and one Linchpin for all tests of this file; each test has readers of its own.
let acme: Acme;
let linchpin: LinchpinProcess;

beforeAll(async () => {
  acme = await makeAcme();
  acme.configure(
    minimalConfiguration(acme.hubspot.url, acme.sesamy.url)
      .replace('connections:', '  own:     { type: subscribers, token: whs_own }\nconnections:')
      .concat('  - { preset: hubspot/subscribers, from: own, to: hubspot }\n'),
  );
  linchpin = await acme.up();
  acme.sesamy.admin.seed({
    products: [
      { sku: 'MAG', title: 'Premium Magazine', options: [{ id: 'monthly', title: 'Monthly' }] },
      { sku: 'NEWS', title: 'Daily News', options: [{ id: 'yearly', title: 'Yearly', interval: 'YEAR' }] },
      { sku: 'WEEKEND', title: 'Weekend Edition', options: [{ id: 'annual', title: 'Annual' }] },
    ],
    webhooks: [
      {
        url: `${linchpin.url}/v1/subscriber-events`,
        headers: { authorization: `Bearer ${TOKEN}` },
        events: 'all',
      },
    ],
  });
});

afterAll(() => acme.close());

const MAGAZINE = 'Premium Magazine - Monthly';

test('a contact follows its reader through every turn of a subscription, over all eight event types', async () => {
  const { userId, email } = reader('asa');
  await acme.happens('create-user', { userId, email, firstName: 'Åsa', lastName: 'Berg' });
  expect(contact(email)).toMatchObject({ ...counts(0, 0), sesamy_user_id: userId, firstname: 'Åsa' });

  const { contract } = (await acme.happens('purchase', { userId, sku: 'MAG' })) as Bought;
  const contractId = contract.id;
  expect(contact(email)).toMatchObject(counts(1, 0, MAGAZINE));
  await acme.happens('renew', { contractId });
  expect(contact(email)).toMatchObject(counts(1, 0, MAGAZINE));
  await acme.happens('overdue', { contractId });
  expect(contact(email)).toMatchObject(counts(1, 0, MAGAZINE));
  await acme.happens('request-cancel', { contractId });
  expect(contact(email)).toMatchObject(counts(1, 0, MAGAZINE));
  await acme.happens('update-user', { userId, mobilePhone: '+46701234567' });
  expect(contact(email)).toMatchObject({ ...counts(1, 0, MAGAZINE), phone: '+46701234567' });
  await acme.happens('cancel', { contractId });
  expect(contact(email)).toMatchObject(counts(0, 1));

  const raw = (await eventsOf('sesamy', userId)).filter(({ type }) => type === 'subscriber');
  expect(new Set(raw.map(({ name }) => name))).toEqual(
    new Set([
      'checkout.1#confirm',
      'contract#cancelRequest',
      'contract.1#purchased',
      'contract.1#update',
      'entitlement.1#new',
      'entitlement.1#update',
      'userVendor.1#new',
      'userVendor.1#update',
    ]),
  );
});

test('a gift counts for the one who receives it, and a single article is no subscription', async () => {
  const giver = reader('giver');
  const receiver = reader('receiver');
  await acme.happens('create-user', giver);
  await acme.happens('create-user', receiver);
  await acme.happens('gift', { userId: receiver.userId, payerId: giver.userId, sku: 'NEWS' });
  expect(contact(receiver.email)).toMatchObject(counts(1, 0, 'Daily News - Yearly'));
  expect(contact(giver.email)).toMatchObject(counts(0, 0));

  await acme.happens('buy-article', { userId: giver.userId, sku: 'ART-1', title: 'The long read' });
  expect(contact(giver.email)).toMatchObject(counts(0, 0));
});

test('a reader without an address is skipped, and the record says why', async () => {
  await acme.happens('create-user', { userId: 'email|nameless', firstName: 'No', lastName: 'Address' });
  const changed = (await eventsOf('sesamy', 'email|nameless')).filter(isChange);
  expect(changed).toHaveLength(1);
  const [story] = (await acme.ask('deliveries', 'show', changed[0]?.id ?? '')) as [Story];
  expect(story.attempts.flatMap(({ items }) => items)).toMatchObject([
    { outcome: 'skipped', reason: 'The subscriber has no e-mail address.' },
  ]);
  expect([...acme.contacts().values()].map((each) => each['sesamy_user_id'])).not.toContain('email|nameless');
});

test('a name that stands in HubSpot survives, and what is empty there is filled in', async () => {
  const { userId, email } = reader('bjorn');
  const firstname = 'Björn (call before noon!)';
  acme.hubspot.admin.seed({
    portals: [{ portalId: 1_000_001, contacts: [{ properties: { email, firstname } }] }],
  });
  await acme.happens('create-user', { userId, email, firstName: 'Björn', lastName: 'Ek' });
  expect(contact(email)).toMatchObject({ firstname, lastname: 'Ek', sesamy_user_id: userId });
});

test('a new title becomes an option, and the option that somebody else added meanwhile survives', async () => {
  const { userId, email } = reader('kaja');
  await acme.happens('create-user', { userId, email });
  await acme.happens('purchase', { userId, sku: 'MAG' });
  const before = await optionsInHubspot();
  expect(before.map(({ value }) => value)).toContain(MAGAZINE);

  // A colleague, in HubSpot's own screens, after Linchpin has read the options.
  const theirs = { label: 'Legacy print', value: 'legacy_print', displayOrder: 99, hidden: false };
  await hubspotProperty('PATCH', { options: [...before, theirs] });
  await acme.happens('purchase', { userId, sku: 'WEEKEND' });

  const after = (await optionsInHubspot()).map(({ value }) => value);
  expect(after).toEqual(expect.arrayContaining([MAGAZINE, 'legacy_print', 'Weekend Edition - Annual']));
  expect((contact(email)['subscription_type'] ?? '').split(';').sort()).toEqual([
    MAGAZINE,
    'Weekend Edition - Annual',
  ]);
});

test('a confirmed checkout becomes an event of its own, with its products and where it came from', async () => {
  const { userId, email } = reader('chiara');
  await acme.happens('create-user', { userId, email });
  const attribution = { utmCampaign: 'autumn', utmSource: 'newsletter' };
  const { checkout } = (await acme.happens('purchase', { userId, sku: 'MAG', attribution })) as Bought;
  const events = await eventsOf('sesamy', userId);
  const confirmed = events.filter(({ type }) => type === 'checkout.confirmed');
  expect(confirmed).toHaveLength(1);
  expect(confirmed[0]?.payload).toMatchObject({
    checkout: { id: checkout.id },
    products: [{ sku: 'MAG', title: 'Premium Magazine' }],
    attribution,
    person: { userId, email },
  });
});

test('events of one reader that come close together cause one fetch and one change', async () => {
  const { userId, email } = reader('elif');
  acme.sesamy.admin.seed({ users: [{ userId, email }] });
  acme.sesamy.admin.clearRequests();
  acme.act('grant-access', { userId, sku: 'MAG' });
  await acme.happens('update-user', { userId, lastName: 'Holm' });

  expect(acme.sesamy.admin.countRequests({ path: '/management/users/*' })).toBe(1);
  const events = await eventsOf('sesamy', userId);
  const changes = events.filter(isChange);
  expect(changes).toHaveLength(1);
  const raw = events.filter(({ type }) => type === 'subscriber').map(({ id }) => id);
  expect(raw).toHaveLength(2);
  const causes = changes[0]?.payload['causes'] as readonly { readonly eventId: string }[];
  expect(causes.map(({ eventId }) => eventId).sort()).toEqual([...raw].sort());
  expect(contact(email)).toMatchObject({ ...counts(0, 0), lastname: 'Holm' });
});

test('an event of an unknown type is stored, reported to its sender, and skipped with the reason', async () => {
  const answer = await sendEvent(TOKEN, {
    eventType: 'newsletter.1#opened',
    userId: 'email|asa',
    eventId: 'event-unknown',
  });
  expect(answer).toMatchObject({ success: true, accepted: 1, unknownTypes: ['newsletter.1#opened'] });
  await acme.settled();
  const [story] = (await acme.ask('deliveries', 'show', 'event-unknown')) as [Story];
  expect(story.attempts.flatMap(({ items }) => items)).toMatchObject([
    { outcome: 'skipped', reason: expect.stringContaining('"newsletter.1#opened" is unknown') as string },
  ]);
});

test('a platform without an API of its own sends the whole picture along, and nothing is fetched', async () => {
  acme.sesamy.admin.clearRequests();
  const { userId, email } = reader('dag');
  const answer = await sendEvent('whs_own', {
    eventType: 'contract.1#purchased',
    userId,
    snapshot: {
      person: { userId, email, firstName: 'Dag' },
      contracts: [
        { id: 'c1', status: 'active', term: 'recurring', items: [{ sku: 'OWN', title: 'Own Paper' }] },
      ],
    },
  });
  expect(answer).toMatchObject({ success: true, accepted: 1, unknownTypes: [] });
  await acme.settled();
  expect(contact(email)).toMatchObject({ ...counts(1, 0, 'Own Paper'), firstname: 'Dag' });
  expect(acme.sesamy.admin.countRequests({ path: '/management/*' })).toBe(0);
});

test('a user whom the platform does not know yet is asked for again, and not lost', async () => {
  const { userId, email } = reader('late');
  await sendEvent(TOKEN, { eventType: 'userVendor.1#new', userId, eventId: 'event-late' });
  const isRefused = (): boolean =>
    acme.sesamy.admin.countRequests({
      path: `/management/users/${encodeURIComponent(userId)}`,
      status: 404,
    }) > 0;
  await until(isRefused, { what: 'the first question' });
  acme.sesamy.admin.seed({ users: [{ userId, email }] });
  // The first wait is at most two seconds, the second at most eight.
  await acme.settled(20_000);
  expect(contact(email)).toMatchObject(counts(0, 0));
  const [story] = (await acme.ask('deliveries', 'show', 'event-late')) as [Story];
  const outcomes = story.attempts.flatMap(({ items }) => items.map(({ outcome }) => outcome));
  expect(outcomes[0]).toBe('retry');
  expect(outcomes.at(-1)).toBe('delivered');
});

interface Bought {
  readonly contract: { readonly id: string };
  readonly checkout: { readonly id: string };
}

function reader(name: string): { readonly userId: string; readonly email: string } {
  return { userId: `email|${name}`, email: `${name}@example.com` };
}

/** Makes something happen at the platform and waits until all that follows from it is done. */
function contact(email: string): Readonly<Record<string, string>> {
  const found = acme.contacts().get(email);
  if (found === undefined) throw new Error(`HubSpot has no contact ${email}.`);
  return { subscription_type: '', ...found };
}

function counts(active: number, ended: number, types = ''): Readonly<Record<string, string>> {
  return {
    has_active_subscription: active > 0 ? 'true' : 'false',
    active_subscription_count: String(active),
    canceled_subscriptions_count: String(ended),
    subscription_type: types,
  };
}

async function eventsOf(source: string, userId: string): Promise<readonly LoggedEvent[]> {
  const events = await acme.ask('events', 'tail', '--source', source, '--limit', '1000');
  return (events as readonly LoggedEvent[]).filter(({ personKey }) => personKey === userId);
}

function isChange({ type }: LoggedEvent): boolean {
  return type === 'subscriber.changed';
}

function sendEvent(token: string, event: object): Promise<unknown> {
  return postJson(
    `${linchpin.url}/v1/subscriber-events`,
    { occured_at: new Date().toISOString(), ...event },
    { authorization: `Bearer ${token}` },
  );
}

interface Option {
  readonly label: string;
  readonly value: string;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

async function optionsInHubspot(): Promise<readonly Option[]> {
  return (await hubspotProperty('GET')).options;
}

/** HubSpot's own API, as any other program would call it. */
async function hubspotProperty(
  method: 'GET' | 'PATCH',
  body?: object,
): Promise<{ readonly options: readonly Option[] }> {
  const url = `${acme.hubspot.url}/crm/properties/2026-09/contacts/subscription_type`;
  const answer = await request(url, {
    method,
    headers: { authorization: `Bearer ${DEFAULT_TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.statusCode).toBe(200);
  return (await answer.body.json()) as { readonly options: readonly Option[] };
}
