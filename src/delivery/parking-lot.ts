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
  /** No head is due before this; kept so that an idle look does not scan a large lot. */
  #earliestMs = Number.POSITIVE_INFINITY;

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
    } else {
      place.count += addedCount;
      if (dueAtMs !== undefined) place.dueAtMs = dueAtMs;
    }
    this.#expect(dueAtMs);
  }

  /**
   * Rows of the key left the store. When others remain, the next is due at `nextDueAtMs`; `undefined` while
   * more of the key is with the queue.
   */
  leave(key: string, removedCount: number, nextDueAtMs: number | undefined): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    place.count -= removedCount;
    if (place.count <= 0) {
      this.#places.delete(key);
      return;
    }
    place.dueAtMs ??= nextDueAtMs;
    this.#expect(place.dueAtMs);
  }

  /** True while the key's inputs are with the queue, or on their way to it. */
  isOut(key: string): boolean {
    const place = this.#places.get(key);
    return place !== undefined && place.dueAtMs === undefined;
  }

  /** The key has no rows after all. */
  forget(key: string): void {
    this.#places.delete(key);
  }

  /** Keys whose heads may be tried now; they are with the queue until `park` or `leave` says otherwise. */
  takeDue(nowMs: number, limit: number): readonly (LotKey & { readonly key: string })[] {
    const due: (LotKey & { readonly key: string })[] = [];
    if (this.#earliestMs > nowMs) return due;
    this.#earliestMs = Number.POSITIVE_INFINITY;
    for (const [key, place] of this.#places) {
      if (place.dueAtMs === undefined) continue;
      if (place.dueAtMs > nowMs || due.length === limit) {
        this.#expect(place.dueAtMs);
        continue;
      }
      place.dueAtMs = undefined;
      due.push({ key, action: place.action, orderKey: place.orderKey });
    }
    return due;
  }

  /** Milliseconds until the next head may be due; `undefined` when none waits. */
  nextDueMs(nowMs: number): number | undefined {
    return this.#earliestMs === Number.POSITIVE_INFINITY ? undefined : Math.max(0, this.#earliestMs - nowMs);
  }

  /**
   * Takes in what stands in the store. A known key keeps what is known of it, unless the store holds more
   * rows: then a command added some, and the key is due when the first of them is. A count that is too high
   * costs one look that finds nothing; one that is too low would leave rows behind.
   */
  merge(key: string, lotKey: LotKey, count: number, dueAtMs: number): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, { ...lotKey, count, dueAtMs });
    } else if (count > place.count) {
      place.count = count;
      if (place.dueAtMs !== undefined) place.dueAtMs = Math.min(place.dueAtMs, dueAtMs);
    } else {
      return;
    }
    this.#expect(this.#places.get(key)?.dueAtMs);
  }

  #expect(dueAtMs: number | undefined): void {
    if (dueAtMs !== undefined) this.#earliestMs = Math.min(this.#earliestMs, dueAtMs);
  }
}
