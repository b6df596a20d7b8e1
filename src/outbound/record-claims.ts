/**
 * Sole use of a vendor's records among the batches in flight of one connection, whichever of its shards they are of. A
 * claim is granted whole or waits whole, and each batch claims once, so no two batches can wait for each other.
 */
import { Leavers } from './leavers.ts';

export interface GrantedClaim {
  /** True when another batch held one of the keys meanwhile. */
  readonly waited: boolean;
  readonly release: () => void;
}

export class RecordClaims {
  readonly #scope: string;
  readonly #held: Map<string, Promise<void>>;
  readonly #leavers = new Leavers();

  constructor(scope = '', held = new Map<string, Promise<void>>()) {
    this.#scope = scope;
    this.#held = held;
  }

  /** The claims on keys of that scope; they are the same for all who ask, and meet no others. */
  within(...scope: readonly (string | number)[]): RecordClaims {
    return new RecordClaims(`${this.#scope}${JSON.stringify(scope)}`, this.#held);
  }

  /** `undefined` when the signal aborted before all were free. */
  async claim(keys: readonly string[], signal: AbortSignal): Promise<GrantedClaim | undefined> {
    const own = keys.map((key) => `${this.#scope}${key}`);
    let waited = false;
    while (!signal.aborted) {
      const holder = own.map((key) => this.#held.get(key)).find((held) => held !== undefined);
      if (holder === undefined) return { waited, release: this.#hold(own) };
      waited = true;
      await this.#wait(holder, signal);
    }
    return undefined;
  }

  /** A holder may be of another shard, which goes on while the one that waits must stop. */
  #wait(holder: Promise<void>, signal: AbortSignal): Promise<void> {
    const leavers = this.#leavers.of(signal);
    return new Promise((resolve) => {
      leavers.add(resolve);
      void holder.then(() => {
        leavers.delete(resolve);
        resolve();
      });
    });
  }

  #hold(keys: readonly string[]): () => void {
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      free = resolve;
    });
    for (const key of keys) this.#held.set(key, held);
    return () => {
      for (const key of keys) this.#held.delete(key);
      free();
    };
  }
}
