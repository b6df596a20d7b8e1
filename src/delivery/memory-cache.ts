import type { Clock } from '../kernel/clock.ts';
import type { ConnectionCache } from '../kit/index.ts';

interface CacheEntry {
  readonly value: unknown;
  readonly untilMs: number;
}

// About 110 MB with an address, a record id and a hash per entry (measured on Node 20, 2026-11).
const ENTRIES_MAX = 250_000;

/**
 * What a shard of a connection remembers, in memory; the entry written longest ago makes room for a new one. It ends with
 * its reader: what it says of records holds only as long as nobody else writes them for us, and a shard that comes back
 * from another worker must know nothing of before.
 */
export class MemoryCache implements ConnectionCache {
  readonly #clock: Clock;
  readonly #entries = new Map<string, CacheEntry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): unknown {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.untilMs > this.#clock.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: unknown, ttlMs: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, untilMs: this.#clock.now() + ttlMs });
    if (this.#entries.size <= ENTRIES_MAX) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
