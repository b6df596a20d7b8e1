import { isSesamyTag } from './tags.ts';

/** The tags that somebody should carry, and those with the prefix `sesamy_` that stay when they are there. */
export interface WantedTags {
  readonly set: readonly string[];
  readonly keep: readonly string[];
}

/**
 * An older and a newer wish with the effect of both in turn: the newer one decides, but for the tags that it would
 * leave on. A gift shows in one event alone, and must not be lost because the next one came before it was written; and
 * tags without the prefix are only ever put on, so that no newer wish takes them off.
 */
export function mergeWantedTags(older: WantedTags, newer: WantedTags): { set: string[]; keep: string[] } {
  const stay = older.set.filter((tag) => newer.keep.includes(tag) || !isSesamyTag(tag));
  const left = new Set([...older.set, ...older.keep]);
  return { set: [...new Set([...newer.set, ...stay])], keep: newer.keep.filter((tag) => left.has(tag)) };
}
