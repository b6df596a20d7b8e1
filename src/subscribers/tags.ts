import { countArticlesPurchased, isActiveSubscription } from './counts.ts';
import type { Subscriber } from './subscriber.ts';

/**
 * The nine kinds of tags that the mail tools carry: https://developers.sesamy.com/integrations/concepts.html,
 * "Tag patterns", read 2026-11. Only tags with this prefix are ever added or removed.
 */
const PREFIX = 'sesamy_';
const GIFTED = 'sesamy_has_gifted_subscription';
const SINGLE_PURCHASE = 'sesamy_made_single_purchase';

// "Tags are truncated to 99 characters maximum", same page.
const TAG_LENGTH_MAX = 99;

/** The tags that a subscriber should carry, each at most 99 characters long, each once. */
export function sesamyTags(subscriber: Subscriber): readonly string[] {
  const active = subscriber.entitlements.filter(({ hasAccess }) => hasAccess);
  const tags = [
    ...when(subscriber.contracts.some(isActiveSubscription), 'sesamy_active_subscriber'),
    ...when(
      subscriber.contracts.some(({ status }) => status === 'overdue'),
      'sesamy_overdue_contract',
    ),
    ...when(
      active.some(({ origin }) => origin === 'external'),
      'sesamy_has_external_access',
    ),
    ...when(hasGift(subscriber), GIFTED),
    ...active.flatMap(({ type, title }) => tagged('active_entitlement_', type, title)),
    ...active.flatMap(({ sku }) => tagged('active_sku_', sku)),
    ...active.flatMap(({ sku, optionId }) =>
      optionId === null ? [] : tagged('active_sku_po_', sku, optionId),
    ),
    ...when(countArticlesPurchased(subscriber) > 0, SINGLE_PURCHASE),
    ...subscriber.tags.flatMap((tag) => tagged('tag_', tag)),
  ];
  // Cut first, then drop duplicates: two long titles may become one tag.
  return [...new Set(tags.map(cut))];
}

/**
 * Tags that stay when a subscriber carries them, although `sesamyTags` does not ask for them. A single
 * purchase is remembered for ever, even when the article's entitlement is gone. A gift shows only in the
 * checkout that made it, which later events do not name: while the person has a subscription whose payer is
 * not known, an absent gift is no proof.
 */
export function tagsToKeep(subscriber: Subscriber): readonly string[] {
  const mayBeGift = subscriber.contracts.some(
    (contract) => isActiveSubscription(contract) && contract.payerUserId === null,
  );
  return mayBeGift ? [SINGLE_PURCHASE, GIFTED] : [SINGLE_PURCHASE];
}

export interface TagDifference {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** What to change so that `current` carries exactly the wanted `sesamy_` tags; all others are left alone. */
export function tagDifference(
  current: readonly string[],
  wanted: readonly string[],
  keep: readonly string[] = [],
): TagDifference {
  const have = new Set(current);
  const stay = new Set([...wanted, ...keep]);
  return {
    add: wanted.filter((tag) => isSesamyTag(tag) && !have.has(tag)),
    remove: [...have].filter((tag) => isSesamyTag(tag) && !stay.has(tag)),
  };
}

/** Whether a tag is one of those that are taken off when they no longer hold. */
export function isSesamyTag(tag: string): boolean {
  return tag.startsWith(PREFIX);
}

/**
 * Lower case, every run of other characters than letters and digits a hyphen, none at the ends. This
 * matches both documented examples, `publication-premium-magazine` and `mag-001-po-123`; what becomes of
 * letters beyond ASCII is not documented, so they are kept (confidence low, 2026-11).
 */
export function slug(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-|-$/g, '');
}

// Code points, so that no half of a surrogate pair is left over.
function cut(tag: string): string {
  return Array.from(tag).slice(0, TAG_LENGTH_MAX).join('');
}

function tagged(pattern: string, ...parts: readonly (string | null)[]): readonly string[] {
  const value = slug(parts.filter((part) => part !== null).join('-'));
  return value === '' ? [] : [`${PREFIX}${pattern}${value}`];
}

function when(condition: boolean, tag: string): readonly string[] {
  return condition ? [tag] : [];
}

/** The subscriber is the one who receives: someone else pays (confidence high, the vendor's wording). */
function hasGift(subscriber: Subscriber): boolean {
  const { userId } = subscriber.person;
  const isOther = (id: string | null): boolean => id !== null && id !== userId;
  return (
    subscriber.contracts.some((contract) => contract.isActive && isOther(contract.payerUserId)) ||
    subscriber.checkouts.some(({ isGift, payer }) => isGift === true && isOther(payer?.id ?? null))
  );
}
