/**
 * One publisher with all ten integrations: readers live through what a subscription brings, and every vendor ends up with
 * what the table says of it. The tables are written after the vendors' and the platform's documents, not after our code.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureOf } from '../../demo/pictures.ts';
import type { Picture } from '../../demo/pictures.ts';
import type { StartedEmulator } from '../../emulators/registry.ts';
import { makeAcme, minimalConfiguration, TOKEN } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { INTEGRATIONS, startVendors } from '../support/integrations.ts';

let acme: Acme;
let vendors: ReadonlyMap<string, Pick<StartedEmulator, 'url'>>;
const OTHERS = INTEGRATIONS.filter(({ id }) => id !== 'hubspot');
let started: ReadonlyMap<string, StartedEmulator>;

const ASA = { userId: 'email|asa', email: 'asa@publisher.no' };
const GIVEN = { userId: 'email|given', email: 'given@publisher.no' };
const GIVER = { userId: 'email|giver', email: 'giver@publisher.no' };
const anyText = expect.any(String) as unknown;
const MAGAZINE_TAGS = [
  'sesamy_active_entitlement_publication-premium-magazine',
  'sesamy_active_sku_mag',
  'sesamy_active_sku_po_mag-monthly',
];

/** What every vendor held of a reader at some moments. */
const moments = new Map<string, ReadonlyMap<string, Picture>>();

beforeAll(async () => {
  acme = await makeAcme();
  started = await startVendors(OTHERS.map(({ id }) => id));
  vendors = new Map<string, Pick<StartedEmulator, 'url'>>([...started, ['hubspot', acme.hubspot]]);
  const connections = OTHERS.map(
    ({ id, settings }) => `  ${id}: ${JSON.stringify({ connector: id, ...settings(urlOf(id)) })}\n`,
  );
  const flows = OTHERS.map(({ id, preset }) => `  - { preset: ${preset}, from: sesamy, to: ${id} }\n`);
  acme.configure(
    minimalConfiguration(acme.hubspot.url, acme.sesamy.url)
      .replace('flows:', `${connections.join('')}flows:`)
      .concat(...flows),
  );
  // A tag of somebody else's, and one of ours from another time.
  for (const { id, knownBefore } of INTEGRATIONS) {
    if (knownBefore !== undefined) started.get(id)?.seed(knownBefore(ASA.email, ['vip', 'sesamy_tag_old']));
  }
  const linchpin = await acme.up();
  acme.sesamy.admin.seed({
    products: [{ sku: 'MAG', title: 'Premium Magazine', options: [{ id: 'monthly', title: 'Monthly' }] }],
    webhooks: [
      {
        url: `${linchpin.url}/v1/subscriber-events`,
        headers: { authorization: `Bearer ${TOKEN}` },
        events: 'all',
      },
    ],
  });
  await liveThroughIt();
});

afterAll(async () => {
  await acme.close();
  await Promise.all([...started.values()].map((vendor) => vendor.close()));
});

async function liveThroughIt(): Promise<void> {
  await acme.happens('create-user', {
    ...ASA,
    firstName: 'Åsa',
    lastName: 'Berg',
    mobilePhone: '+46701234567',
  });
  await look('signed up', ASA.email);
  const attribution = { _ga: 'GA1.1.1234567890.1700000000', utmCampaign: 'autumn', utmSource: 'newsletter' };
  const { contract } = (await acme.happens('purchase', {
    userId: ASA.userId,
    sku: 'MAG',
    purchaseOptionId: 'monthly',
    price: 99,
    currency: 'SEK',
    attribution,
  })) as { readonly contract: { readonly id: string } };
  await look('bought', ASA.email);
  await acme.happens('renew', { contractId: contract.id });
  await acme.happens('overdue', { contractId: contract.id });
  await look('overdue', ASA.email);
  await acme.happens('renew', { contractId: contract.id });
  await acme.happens('request-cancel', { contractId: contract.id });
  await look('leaving', ASA.email);
  await acme.happens('cancel', { contractId: contract.id });
  await look('left', ASA.email);
  await acme.happens('create-user', { ...GIVER, firstName: 'Gro' });
  await acme.happens('create-user', { ...GIVEN, firstName: 'Ole' });
  await acme.happens('gift', {
    userId: GIVEN.userId,
    payerId: GIVER.userId,
    sku: 'MAG',
    purchaseOptionId: 'monthly',
  });
  await look('given', GIVEN.email);
  await acme.happens('buy-article', {
    userId: GIVER.userId,
    sku: 'ART-1',
    title: 'The long read',
    price: 19,
  });
  await look('read one article', GIVER.email);
}

async function look(moment: string, email: string): Promise<void> {
  const pictures = [...vendors].map(async ([id, { url }]) => [id, await pictureOf(id, url, email)] as const);
  moments.set(moment, new Map(await Promise.all(pictures)));
}

function urlOf(id: string): string {
  const vendor = started.get(id);
  if (vendor === undefined) throw new Error(`${id} has no emulator.`);
  return vendor.url;
}

function seen(moment: string, id: string): Picture {
  const picture = moments.get(moment)?.get(id);
  if (picture === undefined) throw new Error(`Nobody looked at ${id} when ${moment}.`);
  return picture;
}

/** Subscriptions that run, and those that have ended, at each moment of Åsa's life. */
const COUNTS = [
  { moment: 'signed up', active: 0, ended: 0, tags: [] },
  { moment: 'bought', active: 1, ended: 0, tags: ['sesamy_active_subscriber', ...MAGAZINE_TAGS] },
  {
    moment: 'overdue',
    active: 1,
    ended: 0,
    tags: ['sesamy_active_subscriber', 'sesamy_overdue_contract', ...MAGAZINE_TAGS],
  },
  { moment: 'leaving', active: 1, ended: 0, tags: ['sesamy_active_subscriber', ...MAGAZINE_TAGS] },
  { moment: 'left', active: 0, ended: 1, tags: [] },
];

/** What each vendor that keeps readers has in its fields. */
const FIELDS: Readonly<Record<string, (active: number, ended: number) => Readonly<Record<string, unknown>>>> =
  {
    hubspot: (active, ended) => ({
      email: ASA.email,
      sesamy_user_id: ASA.userId,
      has_active_subscription: active > 0 ? 'true' : 'false',
      active_subscription_count: String(active),
      canceled_subscriptions_count: String(ended),
      ...(active > 0 ? { subscription_type: 'Premium Magazine - Monthly' } : {}),
      firstname: 'Åsa',
      lastname: 'Berg',
      phone: '+46701234567',
    }),
    mailchimp: (active, ended) => ({
      status: 'subscribed',
      FNAME: 'Åsa',
      LNAME: 'Berg',
      SESAMYUSR: ASA.userId,
      PHONE: '+46701234567',
      SMYLASTSEE: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      SMYSUBSC: active > 0 ? 'True' : 'False',
      SMYARTPUR: 0,
      SMYACTSUBS: active,
      SMYCANSUBS: ended,
      SMYEXPSUBS: 0,
      SMYENDSUBS: ended,
      SMYISSREM: '',
    }),
    mailmojo: (active, ended) => ({
      first_name: 'Åsa',
      last_name: 'Berg',
      phone: '+46701234567',
      status: 'a',
      sesamy_user_id: ASA.userId,
      sesamy_has_active_subscription: active > 0 ? 'true' : 'false',
      sesamy_active_subscriptions: String(active),
      sesamy_canceled_subscriptions: String(ended),
      sesamy_ended_subscriptions: String(ended),
      sesamy_articles_purchased: '0',
    }),
    'make-as': (active, ended) => ({
      external_id: ASA.userId,
      firstname: 'Åsa',
      lastname: 'Berg',
      lists: ['1'],
      email_status: 'active',
      subscriptions:
        active + ended === 0 ? [] : [{ product: 'MAG|monthly', status: active > 0 ? anyText : 'canceled' }],
    }),
    rule: (active, ended) => ({
      phone_number: '+46701234567',
      status: 'ACTIVE',
      'Subscriber.FirstName': 'Åsa',
      'Subscriber.LastName': 'Berg',
      'Sesamy_User.ID': ASA.userId,
      'Sesamy_User.FirstName': 'Åsa',
      'Sesamy_User.LastName': 'Berg',
      ...(active > 0
        ? {
            'Sesamy_ActiveProducts.SKU': ['MAG'],
            'Sesamy_ActiveProducts.Titles': ['Premium Magazine'],
            'Sesamy_ActiveProducts.OptionTitles': ['Monthly'],
          }
        : {}),
      'Sesamy_Subscription.ActiveCount': String(active),
      'Sesamy_Subscription.EndedCount': String(ended),
    }),
  };

const CHECKOUT_ID = expect.stringMatching(/^[0-9a-f]{32}$/) as unknown;
const HASHED_ADDRESS = createHash('sha256').update(ASA.email).digest('hex');

/** What each vendor that counts purchases has of Åsa's one. */
const PURCHASES: Readonly<Record<string, unknown>> = {
  'google-analytics': {
    transaction_id: CHECKOUT_ID,
    value: 99,
    currency: 'SEK',
    campaign: 'autumn',
    source: 'newsletter',
    items: [
      { item_id: 'MAG', item_name: 'Premium Magazine', item_variant: 'Monthly', price: 99, quantity: 1 },
    ],
  },
  kilkaya: { tags: ['Monthly', 'autumn', 'newsletter'], url: 'https://www.example.com/thanks' },
  meta: {
    event_name: 'Purchase',
    event_id: CHECKOUT_ID,
    // The checkout does not tell the browser, without which Meta takes nothing as of a website.
    action_source: 'other',
    custom_data: { value: 99, currency: 'SEK', contents: [{ id: 'MAG', quantity: 1, item_price: 99 }] },
    user_data: { em: expect.arrayContaining([HASHED_ADDRESS]) as unknown },
  },
  'x-ads': {
    event_id: 'tw-o8z6j-o87ne',
    conversion_id: CHECKOUT_ID,
    conversion: { number_items: 1, price_currency: 'SEK', value: 99 },
  },
};

describe.each(Object.keys(FIELDS))('%s', (id) => {
  test.each(COUNTS)('has every field right when a reader has $moment', ({ moment, active, ended }) => {
    expect(seen(moment, id).fields).toMatchObject(FIELDS[id]?.(active, ended) ?? {});
  });

  if (id === 'hubspot') return;
  test.each(COUNTS)('has our tags and leaves others alone when a reader has $moment', ({ moment, tags }) => {
    const base = id === 'rule' ? ['sesamy'] : [];
    expect(new Set(seen(moment, id).tags)).toEqual(new Set(['vip', ...base, ...tags]));
  });

  test('knows a gift by the one who receives it, and a single article by its buyer', () => {
    expect(seen('given', id).tags).toEqual(
      expect.arrayContaining([
        'sesamy_active_subscriber',
        'sesamy_has_gifted_subscription',
        ...MAGAZINE_TAGS,
      ]),
    );
    const { tags } = seen('read one article', id);
    expect(tags).toEqual(
      expect.arrayContaining([
        'sesamy_made_single_purchase',
        'sesamy_active_sku_art-1',
        'sesamy_active_entitlement_article-the-long-read',
      ]),
    );
    expect(tags).not.toContain('sesamy_active_subscriber');
  });
});

describe.each(Object.keys(PURCHASES))('%s', (id) => {
  test('counts the purchase once, and no renewal', () => {
    expect(seen('signed up', id).purchases).toEqual([]);
    expect(seen('left', id).purchases).toMatchObject([PURCHASES[id]]);
  });
});

test('the webhook gets six of the eight events as they came', () => {
  expect(seen('left', 'webhook').messages).toEqual([
    'userVendor.1#new',
    'contract.1#purchased',
    'checkout.1#confirm',
    'contract.1#update',
    'contract.1#update',
    'contract.1#update',
    'contract#cancelRequest',
    'contract.1#update',
  ]);
});
