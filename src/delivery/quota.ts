/**
 * What all readers of a process share: memory for events, calls in flight. Each may always hold something, so
 * that none starves; beyond that, only while the process has room. Pure.
 */
export class Quota {
  readonly #max: number;
  #held = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** What all members hold together. */
  get held(): number {
    return this.#held;
  }

  join(): QuotaShare {
    let own = 0;
    return {
      hasRoom: () => own === 0 || this.#held < this.#max,
      hold: (amount) => {
        this.#held += amount - own;
        own = amount;
      },
    };
  }
}

/** One member's part; `hold(0)` on leaving. */
export interface QuotaShare {
  hasRoom(): boolean;
  /** Says how much the member holds now. */
  hold(amount: number): void;
}
