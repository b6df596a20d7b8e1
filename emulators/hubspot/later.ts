import type { EmulatorClock } from '../core/index.ts';

/** What happens later on the emulator's clock. All of it is forgotten when the state is replaced. */
export class Later {
  readonly #clock: EmulatorClock;
  readonly #due = new Map<number, (() => void)[]>();
  readonly #cancels = new Set<() => void>();

  constructor(clock: EmulatorClock) {
    this.#clock = clock;
  }

  /** Acts due at one moment share an alarm: a burst of calls on a frozen clock costs one. */
  at(atMs: number, act: () => void): void {
    const waiting = this.#due.get(atMs);
    if (waiting !== undefined) {
      waiting.push(act);
      return;
    }
    const acts = [act];
    this.#due.set(atMs, acts);
    const cancel = this.#clock.alarm(atMs, () => {
      this.#due.delete(atMs);
      this.#cancels.delete(cancel);
      for (const each of acts) each();
    });
    this.#cancels.add(cancel);
  }

  clear(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#due.clear();
  }
}
