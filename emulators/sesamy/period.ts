import type { PurchaseOption } from './shapes.ts';

/** The end of the period that begins at `from`. */
export function periodAfter(from: string, interval: PurchaseOption['interval']): string {
  const date = new Date(from);
  if (interval === 'DAY') date.setUTCDate(date.getUTCDate() + 1);
  if (interval === 'WEEK') date.setUTCDate(date.getUTCDate() + 7);
  if (interval === 'MONTH') date.setUTCMonth(date.getUTCMonth() + 1);
  if (interval === 'YEAR') date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toISOString();
}
