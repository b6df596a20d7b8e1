import type { Contract } from './contract.ts';
import type { Subscriber } from './subscriber.ts';

export interface SubscriptionCounts {
  readonly active: number;
  /** Ended on request or by refund. */
  readonly canceled: number;
  /** Ended by itself: the term was over, or nobody paid. */
  readonly expired: number;
  /** Canceled and expired together; what HubSpot's `canceled_subscriptions_count` holds. */
  readonly ended: number;
}

export function countSubscriptions(contracts: readonly Contract[]): SubscriptionCounts {
  const canceled = contracts.filter((contract) => hasEnded(contract, 'canceled')).length;
  const expired = contracts.filter((contract) => hasEnded(contract, 'expired')).length;
  return {
    active: contracts.filter(isActiveSubscription).length,
    canceled,
    expired,
    ended: canceled + expired,
  };
}

/**
 * Gives access now and is not a one-time purchase. An overdue contract counts (its access remains), and so
 * does one that waits for its cancellation to take effect. Inferred, confidence medium and high (2026-11).
 */
export function isActiveSubscription(contract: Contract): boolean {
  return contract.isActive && !isOneTime(contract);
}

/** `closed` is the status of a finished one-time purchase; no subscription has it. */
export function isOneTime(contract: Contract): boolean {
  return contract.term === 'perpetual' || contract.status === 'closed';
}

// A canceled contract that still runs to the end of its paid period counts as active, not twice.
function hasEnded(contract: Contract, status: 'canceled' | 'expired'): boolean {
  return contract.status === status && !contract.isActive && !isOneTime(contract);
}

/**
 * How many different articles the person bought one by one. A right granted from outside the platform or by
 * a running or past subscription is no purchase. Inferred from "has purchased at least one article"
 * (confidence medium, 2026-11).
 */
export function countArticlesPurchased(subscriber: Subscriber): number {
  const oneTime = subscriber.contracts.filter(isOneTime);
  const subscriptionIds = new Set(
    subscriber.contracts.filter((contract) => !isOneTime(contract)).map(({ id }) => id),
  );
  const articleSkus = new Set(
    [...subscriber.products, ...subscriber.entitlements]
      .filter(({ type }) => isArticle(type))
      .map(({ sku }) => sku),
  );
  const fromContracts = oneTime
    .flatMap(({ items }) => items.map(({ sku }) => sku))
    .filter((sku) => articleSkus.has(sku));
  const fromEntitlements = subscriber.entitlements
    .filter(
      ({ type, origin, contractId }) =>
        isArticle(type) && origin !== 'external' && !subscriptionIds.has(contractId ?? ''),
    )
    .map(({ sku }) => sku);
  return new Set([...fromContracts, ...fromEntitlements]).size;
}

function isArticle(type: string | null): boolean {
  return type?.toLowerCase() === 'article';
}

/**
 * Print issues still to come, over all active subscriptions that count them; `null` when none does.
 * Summing rather than picking one contract is inferred (confidence low, 2026-11).
 */
export function countIssuesRemaining(contracts: readonly Contract[]): number | null {
  const remaining = contracts
    .filter(isActiveSubscription)
    .map(({ issuesRemaining }) => issuesRemaining)
    .filter((issues) => issues !== null);
  return remaining.length === 0 ? null : remaining.reduce((sum, issues) => sum + issues, 0);
}
