import type { SubscriberChanged } from './resolution.ts';

/**
 * The day, in UTC, of the last activity where the platform tells it, else that of the newest change; `null` when
 * neither is known. The public API has no such field (confidence medium, 2026-11).
 */
export function lastSeenDay(
  { lastActiveAt, updatedAt }: SubscriberChanged['snapshot']['person'],
  causes: SubscriberChanged['causes'],
): string | null {
  if (lastActiveAt !== null) return dayOf(lastActiveAt);
  const times = [updatedAt, ...causes.map(({ occurredAt }) => occurredAt)].filter((time) => time !== null);
  const newest = times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
  return newest === undefined ? null : dayOf(newest);
}

function dayOf(time: string): string {
  return new Date(time).toISOString().slice(0, 10);
}
