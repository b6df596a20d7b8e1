/**
 * Order keys with parked inputs: new inputs of such a key queue up behind them, and when its head is due, the
 * key's inputs come back from the store. Holds keys only; the inputs stay in the store. Pure.
 */
export interface LotKey {
  readonly action: string;
  readonly orderKey: string;
}

interface Place extends LotKey {
  /** Rows in the store, those on their way there included. */
  count: number;
  /** When the head may be tried; `undefined` while its inputs are with the queue. */
  dueAtMs: number | undefined;
}

export class ParkingLot {
  readonly #places = new Map<string, Place>();

  /** Keys that are parked. */
  get keyCount(): number {
    return this.#places.size;
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Adds rows to a key; a key that is new, or whose head failed again, is due at `dueAtMs`. */
  park(key: string, { action, orderKey }: LotKey, addedCount: number, dueAtMs: number | undefined): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, { action, orderKey, count: addedCount, dueAtMs });
      return;
    }
    place.count += addedCount;
    if (dueAtMs !== undefined) place.dueAtMs = dueAtMs;
  }

  /**
   * Rows of the key left the store. When others remain, the next is due at `nextDueAtMs`; `undefined` while
   * more of the key is with the queue.
   */
  leave(key: string, removedCount: number, nextDueAtMs: number | undefined): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    place.count -= removedCount;
    if (place.count <= 0) this.#places.delete(key);
    else place.dueAtMs ??= nextDueAtMs;
  }

  /** The key has no rows after all. */
  forget(key: string): void {
    this.#places.delete(key);
  }

  /** Keys whose heads may be tried now; they are with the queue until `park` or `leave` says otherwise. */
  takeDue(nowMs: number, limit: number): readonly (LotKey & { readonly key: string })[] {
    const due: (LotKey & { readonly key: string })[] = [];
    for (const [key, place] of this.#places) {
      if (due.length === limit) break;
      if (place.dueAtMs === undefined || place.dueAtMs > nowMs) continue;
      place.dueAtMs = undefined;
      due.push({ key, action: place.action, orderKey: place.orderKey });
    }
    return due;
  }

  /** Milliseconds until the next head is due; `undefined` when none waits. */
  nextDueMs(nowMs: number): number | undefined {
    let earliest: number | undefined;
    for (const { dueAtMs } of this.#places.values()) {
      if (dueAtMs !== undefined && (earliest === undefined || dueAtMs < earliest)) earliest = dueAtMs;
    }
    return earliest === undefined ? undefined : Math.max(0, earliest - nowMs);
  }

  /** Takes in what a command parked meanwhile; keys that are known keep what is known of them. */
  merge(key: string, lotKey: LotKey, count: number, dueAtMs: number): void {
    if (!this.#places.has(key)) this.#places.set(key, { ...lotKey, count, dueAtMs });
  }
}
