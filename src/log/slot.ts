/** Spreads person keys over slots: a stable hash, stored with each event, so it never changes. */

/** Slots that the log knows; a shard of a reader is a range of them. Stored as smallint. */
export const SLOT_COUNT = 64;

// FNV-1a, 32 bits (RFC draft-eastlake-fnv-17): fast on short keys, spreads well enough over 64 slots.
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function slotOf(personKey: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < personKey.length; index += 1) {
    hash = Math.imul(hash ^ personKey.charCodeAt(index), FNV_PRIME);
  }
  return (hash >>> 0) % SLOT_COUNT;
}
