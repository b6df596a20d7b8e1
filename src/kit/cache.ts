/**
 * What a connection remembers between batches of one shard: bounded, in memory, forgotten at restart and when the shard
 * goes to another worker, who may change what was remembered. Good for metadata and for hints; correctness never rests
 * on it.
 */
export interface ConnectionCache {
  get(key: string): unknown;
  /** Forgets the entry after `ttlMs`, or earlier when room is needed. */
  set(key: string, value: unknown, ttlMs: number): void;
  delete(key: string): void;
}
