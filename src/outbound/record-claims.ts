/**
 * Sole use of a vendor's records among the batches in flight of one connection. A claim is granted whole or
 * waits whole, and each batch claims once, so no two batches can wait for each other.
 */
export interface GrantedClaim {
  /** True when another batch held one of the keys meanwhile. */
  readonly waited: boolean;
  readonly release: () => void;
}

export class RecordClaims {
  readonly #held = new Map<string, Promise<void>>();

  async claim(keys: readonly string[]): Promise<GrantedClaim> {
    let waited = false;
    for (;;) {
      const holder = keys.map((key) => this.#held.get(key)).find((held) => held !== undefined);
      if (holder === undefined) return { waited, release: this.#hold(keys) };
      waited = true;
      await holder;
    }
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
