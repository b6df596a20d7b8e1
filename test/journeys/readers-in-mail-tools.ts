/**
 * What HubSpot and the four mail tools must hold of the readers at each moment, field by field: after the platform's pages
 * on its integrations (developers.sesamy.com/integrations/built-in, help.rule.io article 685380, read 2026-11) and, where
 * these name no fields, after the tables of the connectors' READMEs. Not after what our code writes.
 */
import { expect } from 'vitest';
import type { Contract } from '../../emulators/sesamy/shapes.ts';
import { always, by, dayOf, emailOf, none, sinceBought, userIdOf, whileActive } from './subscriber-life.ts';
import type { Life, Row, Table } from './subscriber-life.ts';

const ASA = emailOf('asa');
const OLE = emailOf('ole');
const GRO = emailOf('gro');
const EMAIL = by(ASA, OLE, GRO);
const USER_ID = by(userIdOf('asa'), userIdOf('ole'), userIdOf('gro'));
const PHONE = '+46701234567';

// What vendors give by themselves: ids, and the times of their own writing.
const anyNumber = expect.any(Number) as unknown;
const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown;
const anySecond = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as unknown;
const anyMs = expect.stringMatching(/^\d{13}$/) as unknown;

/** By vendor, the fields of the reader's record. */
export const FIELDS: Readonly<Record<string, (life: Life) => Table>> = {
  hubspot: () => ({
    email: EMAIL,
    sesamy_user_id: USER_ID,
    has_active_subscription: ['false', 'true', 'true', 'true', 'true', 'false', 'true', 'false'],
    active_subscription_count: ['0', '1', '1', '1', '1', '0', '1', '0'],
    canceled_subscriptions_count: ['0', '0', '0', '0', '0', '1', '0', '0'],
    subscription_type: whileActive('Premium Magazine - Monthly'),
    firstname: by('Åsa', 'Ole', 'Gro'),
    lastname: by('Berg', none, none),
    phone: by(PHONE, none, none),
    // HubSpot's own, of every new contact.
    lifecyclestage: always('lead'),
    hs_lifecyclestage_lead_date: always(anyMs),
  }),

  mailchimp: ({ lastSeen }) => ({
    email_address: EMAIL,
    status: always('subscribed'),
    // Mailchimp's own; nothing is documented to be sent.
    email_type: always('html'),
    language: always(''),
    vip: always(false),
    ADDRESS: always(''),
    FNAME: by('Åsa', 'Ole', 'Gro'),
    LNAME: by('Berg', '', ''),
    PHONE: by(PHONE, '', ''),
    SESAMYUSR: USER_ID,
    SMYLASTSEE: lastSeen,
    SMYSUBSC: ['False', 'True', 'True', 'True', 'True', 'False', 'True', 'False'],
    SMYARTPUR: [0, 0, 0, 0, 0, 0, 0, 1],
    SMYACTSUBS: [0, 1, 1, 1, 1, 0, 1, 0],
    SMYCANSUBS: [0, 0, 0, 0, 0, 1, 0, 0],
    SMYEXPSUBS: [0, 0, 0, 0, 0, 0, 0, 0],
    SMYENDSUBS: [0, 0, 0, 0, 0, 1, 0, 0],
    SMYISSREM: ['', 8, 8, 8, 8, '', 8, ''],
  }),

  mailmojo: ({ lastSeen }) => ({
    email: EMAIL,
    first_name: by('Åsa', 'Ole', 'Gro'),
    last_name: by('Berg', '', ''),
    phone: by(PHONE, '', ''),
    sesamy_user_id: USER_ID,
    sesamy_has_active_subscription: ['false', 'true', 'true', 'true', 'true', 'false', 'true', 'false'],
    sesamy_active_subscriptions: ['0', '1', '1', '1', '1', '0', '1', '0'],
    sesamy_canceled_subscriptions: ['0', '0', '0', '0', '0', '1', '0', '0'],
    sesamy_expired_subscriptions: ['0', '0', '0', '0', '0', '0', '0', '0'],
    sesamy_ended_subscriptions: ['0', '0', '0', '0', '0', '1', '0', '0'],
    sesamy_articles_purchased: ['0', '0', '0', '0', '0', '0', '0', '1'],
    sesamy_issues_remaining: ['', '8', '8', '8', '8', '', '8', ''],
    sesamy_last_seen: lastSeen,
    // Mailmojo's own: both names together, and how the contact stands on the list.
    name: by('Åsa Berg', 'Ole', 'Gro'),
    status: always('a'),
    added: always(anyTime),
    list_associations: by(onTheList(ASA), onTheList(OLE), onTheList(GRO)),
  }),

  'make-as': ({ purchase, leaving, gift, article }) => {
    const asa = subscriptionOf(purchase.contract, ASA, MAGAZINE);
    const ole = subscriptionOf(gift.contract, OLE, MAGAZINE);
    const gro = subscriptionOf(article.contract, GRO, ARTICLE);
    const end = dayOf(leaving.willCancelAt ?? '');
    return {
      email: EMAIL,
      firstname: by('Åsa', 'Ole', 'Gro'),
      lastname: by('Berg', none, none),
      company: by('Berg & Co', none, none),
      external_id: USER_ID,
      phone: always(null),
      lists: always(['1']),
      subscriptions: [
        [],
        [{ ...asa, status: 'active', end_date: null }],
        [{ ...asa, status: 'active', end_date: null }],
        [{ ...asa, status: 'overdue', end_date: null }],
        [{ ...asa, status: 'active', end_date: end }],
        [{ ...asa, status: 'canceled', end_date: end }],
        [{ ...ole, status: 'active', end_date: null }],
        [{ ...gro, status: 'closed', end_date: null }],
      ],
      // Make's own.
      id: always(anyNumber),
      email_status: always('active'),
      phone_status: always('active'),
      date_created: always(anySecond),
      date_updated: always(anySecond),
    };
  },

  rule: ({ asa, ole, gro, purchase, renewed, leaving, gift, article }) => {
    const bought = inStockholm(purchase.contract.createdAt);
    const given = inStockholm(gift.contract.createdAt);
    const secondBill = inStockholm(purchase.contract.nextBillAt);
    const thirdBill = inStockholm(renewed.nextBillAt);
    const end = inStockholm(leaving.willCancelAt);
    const firstBillOfOle = inStockholm(gift.contract.nextBillAt);
    const id = purchase.contract.id;
    return {
      email: EMAIL,
      phone_number: by(PHONE, null, null),
      'Subscriber.FirstName': by('Åsa', 'Ole', 'Gro'),
      'Subscriber.LastName': by('Berg', none, none),
      'Sesamy_User.FirstName': by('Åsa', 'Ole', 'Gro'),
      'Sesamy_User.LastName': by('Berg', none, none),
      'Sesamy_User.ID': USER_ID,
      'Sesamy_User.Created': by(
        inStockholm(asa.createdAt),
        inStockholm(ole.createdAt),
        inStockholm(gro.createdAt),
      ),
      'Sesamy_User.Company': by('Berg & Co', none, none),
      'Sesamy_User.Language': by('sv-SE', none, none),
      'Sesamy_BillingAddress.FirstName': by('Eva', none, none),
      'Sesamy_BillingAddress.LastName': by('Ek', none, none),
      'Sesamy_BillingAddress.Street': by('Storgatan 1', none, none),
      'Sesamy_BillingAddress.City': by('Lund', none, none),
      'Sesamy_BillingAddress.Zip': by('222 22', none, none),
      'Sesamy_BillingAddress.Country': by('SE', none, none),
      'Sesamy_ActiveProducts.SKU': whileActive(['MAG']),
      'Sesamy_ActiveProducts.Titles': whileActive(['Premium Magazine']),
      'Sesamy_ActiveProducts.OptionTitles': whileActive(['Monthly']),
      'Sesamy_ActiveProducts.OptionIDs': whileActive(['monthly']),
      'Sesamy_ActiveProducts.Types': whileActive(['publication']),
      'Sesamy_ActiveProducts.Count': ['0', '1', '1', '1', '1', '0', '1', '0'],
      'Sesamy_ArticlePurchases.Count': ['0', '0', '0', '0', '0', '0', '0', '1'],
      'Sesamy_ArticlePurchases.SKU': by(none, none, ['ART-1']),
      'Sesamy_ArticlePurchases.Titles': by(none, none, ['The long read']),
      'Sesamy_ArticlePurchases.LastPurchasedAt': by(none, none, inStockholm(article.contract.createdAt)),
      // Access from outside the platform.
      'Sesamy_Entitlements.Count': always('0'),
      'Sesamy_Subscription.Status': [
        none,
        'active',
        'active',
        'overdue',
        'active',
        'canceled',
        'active',
        none,
      ],
      'Sesamy_Subscription.CreatedAt': [none, bought, bought, bought, bought, bought, given, none],
      // Of a contract that renews itself the platform tells no expiry.
      'Sesamy_Subscription.ExpiresAt': always(none),
      // The platform tells no time of cancellation: the nearest is the end that was asked for.
      'Sesamy_Subscription.CanceledAt': [none, none, none, none, end, end, none, none],
      'Sesamy_Subscription.WillCancelAt': [none, none, none, none, end, end, none, none],
      'Sesamy_Subscription.ID': [none, id, id, id, id, id, gift.contract.id, none],
      'Sesamy_Subscription.Name': sinceBought('Premium Magazine'),
      'Sesamy_Subscription.Price': sinceBought('99'),
      'Sesamy_Subscription.Currency': sinceBought('SEK'),
      'Sesamy_Subscription.NextBillAt': [
        none,
        secondBill,
        thirdBill,
        thirdBill,
        none,
        none,
        firstBillOfOle,
        none,
      ],
      'Sesamy_Subscription.NextPrice': [none, '99', '99', '99', none, none, '99', none],
      'Sesamy_Subscription.Interval': sinceBought('month'),
      'Sesamy_Subscription.IntervalCount': sinceBought('1'),
      'Sesamy_Subscription.IssuesRemaining': whileActive('8'),
      'Sesamy_Subscription.HasActive': ['false', 'true', 'true', 'true', 'true', 'false', 'true', 'false'],
      'Sesamy_Subscription.ActiveCount': ['0', '1', '1', '1', '1', '0', '1', '0'],
      'Sesamy_Subscription.CanceledCount': ['0', '0', '0', '0', '0', '1', '0', '0'],
      'Sesamy_Subscription.ExpiredCount': ['0', '0', '0', '0', '0', '0', '0', '0'],
      'Sesamy_Subscription.EndedCount': ['0', '0', '0', '0', '0', '1', '0', '0'],
      // Rule's own.
      id: always(anyNumber),
      custom_identifier: always(null),
      language: always(null),
      status: always('ACTIVE'),
      suppressed: always([]),
      created_at: always(anyTime),
      updated_at: always(anyTime),
      // Segments follow the tags, the ones that were taken off too; which automations began is for Rule to say.
      hasOldSegments: always(false),
      automations: always(expect.any(Array) as unknown),
      rowCount: always(anyNumber),
    };
  },
};

/** By vendor, the tags that the reader carries. Somebody else's stays, and ours of an earlier time goes. */
export const TAGS: Readonly<Record<string, Table<boolean>>> = {
  mailchimp: tags({}),
  mailmojo: tags({}),
  'make-as': tags({}),
  rule: tags({ sesamy: always(true) }),
};

function tags(own: Table<boolean>): Table<boolean> {
  const magazine: Row<boolean> = [false, true, true, true, true, false, true, false];
  return {
    vip: by(true, false, false),
    sesamy_tag_old: always(false),
    sesamy_active_subscriber: magazine,
    sesamy_overdue_contract: [false, false, false, true, false, false, false, false],
    sesamy_has_external_access: always(false),
    sesamy_has_gifted_subscription: by(false, true, false),
    'sesamy_active_entitlement_publication-premium-magazine': magazine,
    sesamy_active_sku_mag: magazine,
    'sesamy_active_sku_po_mag-monthly': magazine,
    'sesamy_active_entitlement_article-the-long-read': by(false, false, true),
    'sesamy_active_sku_art-1': by(false, false, true),
    sesamy_made_single_purchase: by(false, false, true),
    ...own,
  };
}

const MAGAZINE = {
  product_external_id: 'MAG|monthly',
  product_name: 'Premium Magazine - Monthly',
  price: 99,
};
const ARTICLE = { product_external_id: 'ART-1', product_name: 'The long read', price: 19 };

/** What a record of Make.as says of a contract as long as it lives. */
function subscriptionOf(contract: Contract, email: string, product: typeof MAGAZINE): object {
  const start_date = dayOf(contract.createdAt);
  return { external_id: contract.id, subscriber_id: anyNumber, email, start_date, ...product };
}

function onTheList(email: string): readonly unknown[] {
  return [{ list_id: 1, email, status: 'a', added: anyTime, status_changed: anyTime }];
}

/** Rule writes the time of Stockholm, without a zone (authors of github.com/rulecom/rule-io-sdk, probed 2026-05). */
function inStockholm(at: string | null): string {
  if (at === null) throw new Error('The platform has no such time.');
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' });
}
