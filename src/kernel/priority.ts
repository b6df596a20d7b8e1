/**
 * Who goes first when a vendor's limit has no room for all: what happens now, then what an operator sends again,
 * then what fills a new destination.
 */
export const PRIORITIES = ['live', 'replay', 'backfill'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Negative when `a` goes before `b`. */
export function comparePriority(a: Priority, b: Priority): number {
  return PRIORITIES.indexOf(a) - PRIORITIES.indexOf(b);
}
