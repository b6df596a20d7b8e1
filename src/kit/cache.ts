/**
 * What a connection remembers between batches: bounded, in memory, forgotten at restart. Good for metadata
 * and for hints; correctness never rests on it.
 */
export interface ConnectionCache {
  get(key: string): unknown;
  /** Forgets the entry after `ttlMs`, or earlier when room is needed. */
  set(key: string, value: unknown, ttlMs: number): void;
  delete(key: string): void;
}
