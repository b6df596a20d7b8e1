/** What the subscriber has access to. Names and meanings are in the table of the README. */
import { countArticlesPurchased, optionTitle } from '../../../subscribers/index.ts';
import type { Subscriber } from '../../../subscribers/index.ts';
import { distinct, inGroup } from './field-rows.ts';
import type { FieldRow } from './field-rows.ts';

type Entitlement = Subscriber['entitlements'][number];

export const PRODUCT_FIELDS: readonly FieldRow[] = [
  ...inGroup('Sesamy_ActiveProducts', [
    { name: 'SKU', type: 'multiple', value: (all) => distinct(products(all).map(({ sku }) => sku)) },
    { name: 'Titles', type: 'multiple', value: (all) => titles(products(all)) },
    { name: 'OptionTitles', type: 'multiple', value: optionTitles },
    {
      name: 'OptionIDs',
      type: 'multiple',
      value: (all) => distinct(products(all).map(({ optionId }) => optionId)),
    },
    { name: 'Types', type: 'multiple', value: (all) => types(products(all)) },
    { name: 'Count', value: (all) => String(distinct(products(all).map(({ sku }) => sku)).length) },
  ]),
  ...inGroup('Sesamy_ArticlePurchases', [
    { name: 'Count', value: (all) => String(countArticlesPurchased(all)) },
    { name: 'SKU', type: 'multiple', value: (all) => distinct(articles(all).map(({ sku }) => sku)) },
    { name: 'Titles', type: 'multiple', value: (all) => titles(articles(all)) },
    { name: 'LastPurchasedAt', type: 'datetime', value: (all) => articles(all)[0]?.createdAt ?? null },
  ]),
  ...inGroup('Sesamy_Entitlements', [
    { name: 'SKU', type: 'multiple', value: (all) => distinct(external(all).map(({ sku }) => sku)) },
    { name: 'Titles', type: 'multiple', value: (all) => titles(external(all)) },
    { name: 'Types', type: 'multiple', value: (all) => types(external(all)) },
    { name: 'Count', value: (all) => String(distinct(external(all).map(({ sku }) => sku)).length) },
    { name: 'ExpiresAt', type: 'datetime', value: (all) => lastExpiry(external(all)) },
  ]),
];

/** Everything with access but articles, which have a group of their own. */
function products({ entitlements }: Subscriber): readonly Entitlement[] {
  return entitlements.filter((entitlement) => entitlement.hasAccess && !isArticle(entitlement));
}

// A group of Rule holds less than 65 KiB, and readers of single articles may have bought thousands: a hundred with long
// titles stay below a third of it.
const ARTICLES_MAX = 100;

/** Articles that were not given from outside, the newest first. */
function articles({ entitlements }: Subscriber): readonly Entitlement[] {
  return entitlements
    .filter((entitlement) => isArticle(entitlement) && entitlement.origin !== 'external')
    .toSorted((a, b) => timeOf(b.createdAt) - timeOf(a.createdAt))
    .slice(0, ARTICLES_MAX);
}

/** Access that was given outside the platform: a partner, a list, a code. */
function external({ entitlements }: Subscriber): readonly Entitlement[] {
  return entitlements.filter(({ hasAccess, origin }) => hasAccess && origin === 'external');
}

function isArticle({ type }: Entitlement): boolean {
  return type?.toLowerCase() === 'article';
}

function titles(entitlements: readonly Entitlement[]): readonly string[] {
  return distinct(entitlements.map(({ title, sku }) => title ?? sku));
}

function types(entitlements: readonly Entitlement[]): readonly string[] {
  return distinct(entitlements.map(({ type }) => type));
}

/** Titles of the purchase options, as the platform's products name them, else as the contracts do. */
function optionTitles(subscriber: Subscriber): readonly string[] {
  const items = subscriber.contracts.flatMap((contract) => contract.items);
  return distinct(products(subscriber).map((held) => optionTitle(held, subscriber.products, items)));
}

/** When the last of them ends; `null` where one has no end. */
function lastExpiry(entitlements: readonly Entitlement[]): string | null {
  const ends = entitlements.map(({ expiresAt }) => expiresAt);
  if (ends.includes(null)) return null;
  return ends.toSorted((a, b) => timeOf(b) - timeOf(a))[0] ?? null;
}

function timeOf(time: string | null): number {
  return time === null ? 0 : Date.parse(time);
}
