/** The subscription that says most about the subscriber, and how many there are. The README has the table. */
import {
  countIssuesRemaining,
  countSubscriptions,
  isActiveSubscription,
  isOneTime,
} from '../../../subscribers/index.ts';
import type { Contract, Subscriber } from '../../../subscribers/index.ts';
import { inGroup, toText } from './field-rows.ts';
import type { FieldRow, GroupRow } from './field-rows.ts';

export const SUBSCRIPTION_FIELDS: readonly FieldRow[] = inGroup('Sesamy_Subscription', [
  { name: 'Status', value: of(({ status }) => status) },
  { name: 'ExpiresAt', type: 'datetime', value: of(({ expiresAt }) => expiresAt) },
  { name: 'CanceledAt', type: 'datetime', value: of(canceledAt) },
  { name: 'CreatedAt', type: 'datetime', value: of(({ createdAt }) => createdAt) },
  { name: 'ID', value: of(({ id }) => id) },
  { name: 'Name', value: of(({ name }) => name) },
  { name: 'WillCancelAt', type: 'datetime', value: of(({ willCancelAt }) => willCancelAt) },
  { name: 'Price', value: of(({ price }) => toText(price)) },
  { name: 'Currency', value: of(({ currency }) => currency) },
  { name: 'NextBillAt', type: 'datetime', value: of(({ nextBillAt }) => nextBillAt) },
  { name: 'NextPrice', value: of(({ nextPrice }) => toText(nextPrice)) },
  { name: 'Interval', value: of(({ intervalUnit }) => intervalUnit) },
  { name: 'IntervalCount', value: of(({ intervalCount }) => toText(intervalCount)) },
  { name: 'IssuesRemaining', value: ({ contracts }) => toText(countIssuesRemaining(contracts)) },
  { name: 'HasActive', value: ({ contracts }) => String(countSubscriptions(contracts).active > 0) },
  { name: 'ActiveCount', value: ({ contracts }) => String(countSubscriptions(contracts).active) },
  { name: 'CanceledCount', value: ({ contracts }) => String(countSubscriptions(contracts).canceled) },
  { name: 'ExpiredCount', value: ({ contracts }) => String(countSubscriptions(contracts).expired) },
  { name: 'EndedCount', value: ({ contracts }) => String(countSubscriptions(contracts).ended) },
]);

function of(read: (contract: Contract) => string | null): GroupRow['value'] {
  return (subscriber) => {
    const contract = mainSubscription(subscriber);
    return contract === undefined ? null : read(contract);
  };
}

/**
 * Of several subscriptions, one that gives access before one that has ended, and of those the newest. One-time purchases
 * are none. Inferred, confidence low (2026-11).
 */
function mainSubscription({ contracts }: Subscriber): Contract | undefined {
  return contracts
    .filter((contract) => !isOneTime(contract))
    .toSorted(
      (a, b) => Number(isActiveSubscription(b)) - Number(isActiveSubscription(a)) || startOf(b) - startOf(a),
    )[0];
}

/** The public API has no time of cancellation: the nearest are the end it will have, and the last change of one that ended. */
function canceledAt({ status, canceledAt: known, willCancelAt, updatedAt }: Contract): string | null {
  return known ?? willCancelAt ?? (status === 'canceled' ? updatedAt : null);
}

function startOf({ createdAt }: Contract): number {
  return createdAt === null ? 0 : Date.parse(createdAt);
}
