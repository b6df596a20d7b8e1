/**
 * One publisher with all ten integrations: readers live through what a subscription brings, and every vendor ends up with
 * exactly what the tables beside this file say of it, after each of the eight moments.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureOf } from '../../demo/pictures.ts';
import type { Picture } from '../../demo/pictures.ts';
import type { StartedEmulator } from '../../emulators/registry.ts';
import { makeAcme, minimalConfiguration, TOKEN } from '../support/acme.ts';
import type { Acme } from '../support/acme.ts';
import { INTEGRATIONS, startVendors } from '../support/integrations.ts';
import { MADE, PURCHASES } from './counted-purchases.ts';
import { FIELDS, TAGS } from './readers-in-mail-tools.ts';
import { columnOf, emailOf, indexOf, liveThrough, MOMENTS, userIdOf } from './subscriber-life.ts';
import type { Life, Moment } from './subscriber-life.ts';

let acme: Acme;
let life: Life;
let vendors: ReadonlyMap<string, Pick<StartedEmulator, 'url'>>;
let started: ReadonlyMap<string, StartedEmulator>;
const OTHERS = INTEGRATIONS.filter(({ id }) => id !== 'hubspot');

/** What every vendor held at each moment, and what the platform had told until then. */
const seenAt = new Map<Moment, { readonly pictures: ReadonlyMap<string, Picture>; readonly told: number }>();

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
      .concat(...flows, '  - { preset: mailchimp/activity, from: sesamy, to: mailchimp }\n'),
  );
  // A tag of somebody else's, and one of ours from another time.
  for (const { id, knownBefore } of INTEGRATIONS) {
    if (knownBefore !== undefined)
      started.get(id)?.seed(knownBefore(emailOf('asa'), ['vip', 'sesamy_tag_old']));
  }
  const linchpin = await acme.up();
  acme.sesamy.admin.seed({
    products: [
      { sku: 'MAG', title: 'Premium Magazine', options: [{ id: 'monthly', title: 'Monthly', issues: 8 }] },
    ],
    webhooks: [
      {
        url: `${linchpin.url}/v1/subscriber-events`,
        headers: { authorization: `Bearer ${TOKEN}` },
        events: 'all',
      },
    ],
  });
  life = await liveThrough(acme, look);
});

afterAll(async () => {
  await acme.close();
  await Promise.all([...started.values()].map((vendor) => vendor.close()));
});

async function look(moment: Moment): Promise<void> {
  const reader = MOMENTS[indexOf(moment)]?.reader ?? 'asa';
  const pictures = [...vendors].map(
    async ([id, { url }]) => [id, await pictureOf(id, url, emailOf(reader))] as const,
  );
  seenAt.set(moment, {
    pictures: new Map(await Promise.all(pictures)),
    told: acme.sesamy.state.events.length,
  });
}

function urlOf(id: string): string {
  const vendor = started.get(id);
  if (vendor === undefined) throw new Error(`${id} has no emulator.`);
  return vendor.url;
}

function seen(moment: Moment, id: string): Picture {
  const picture = seenAt.get(moment)?.pictures.get(id);
  if (picture === undefined) throw new Error(`Nobody looked at ${id} when a reader had ${moment}.`);
  return picture;
}

describe.each(Object.entries(FIELDS))('%s', (id, fields) => {
  test.each(MOMENTS)('has exactly the fields of a reader who has $moment', ({ moment }) => {
    expect(seen(moment, id).fields).toEqual(columnOf(fields(life), moment));
  });
});

describe.each(Object.entries(TAGS))('%s', (id, tags) => {
  test.each(MOMENTS)('has exactly the tags of a reader who has $moment', ({ moment }) => {
    const carried = Object.entries(columnOf(tags, moment)).filter(([, isCarried]) => isCarried);
    expect(seen(moment, id).tags.toSorted()).toEqual(carried.map(([tag]) => tag).toSorted());
  });
});

describe.each(Object.entries(PURCHASES))('%s', (id, purchases) => {
  test.each(MOMENTS)('has counted each purchase once when a reader has $moment', ({ moment }) => {
    const made = purchases(life, confirmedAt).slice(0, MADE[indexOf(moment)]);
    expect(seen(moment, id).purchases).toEqual(made);
  });
});

function confirmedAt(checkoutId: string): string {
  const confirmed = acme.sesamy.state.events.find(
    (event) => event.eventType === 'checkout.1#confirm' && event.checkoutId === checkoutId,
  );
  if (confirmed === undefined) throw new Error(`The checkout ${checkoutId} is not confirmed.`);
  return confirmed.occured_at;
}

// "all except" these two: developers.sesamy.com/guides/webhooks.html, read 2026-11.
const NOT_FORWARDED = ['entitlement.1#new', 'entitlement.1#update'];

test.each(MOMENTS)(
  'the webhook has six of the eight events, as they came, when a reader has $moment',
  ({ moment }) => {
    const forwarded = toldUntil(moment).filter(({ eventType }) => !NOT_FORWARDED.includes(eventType));
    expect(seen(moment, 'webhook').messages.map(({ content }) => content)).toEqual(forwarded);
  },
);

test('of a subscription from beginning to end the webhook has eight events', () => {
  expect(seen('left', 'webhook').messages.map(({ name }) => name)).toEqual([
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

/** By the names and with the properties of the connector's README: the platform documents neither. */
const ACTIVITY: Readonly<Record<string, string>> = {
  'userVendor.1#new': 'user_vendor_new',
  'contract.1#purchased': 'contract_purchased',
  'contract.1#update': 'contract_update',
  'contract#cancelRequest': 'contract_cancel_request',
  'entitlement.1#new': 'entitlement_new',
  'entitlement.1#update': 'entitlement_update',
  'checkout.1#confirm': 'checkout_confirm',
};

test.each(MOMENTS)('mailchimp shows each event of a reader who has $moment', ({ moment, reader }) => {
  const told = toldUntil(moment).filter(({ userId }) => userId === userIdOf(reader));
  const shown = told.map(({ eventType, occured_at, contractId, entitlementId, checkoutId }) => ({
    name: ACTIVITY[eventType],
    content: {
      occurred_at: occured_at,
      properties: {
        event_type: eventType,
        event_id: expect.any(String) as unknown,
        contract_id: contractId,
        entitlement_id: entitlementId,
        checkout_id: checkoutId,
      },
    },
  }));
  expect(seen(moment, 'mailchimp').messages).toEqual(shown);
});

function toldUntil(moment: Moment): typeof acme.sesamy.state.events {
  return acme.sesamy.state.events.slice(0, seenAt.get(moment)?.told);
}
