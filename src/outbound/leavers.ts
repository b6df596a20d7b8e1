/** Those who leave when a signal aborts. One listener serves all of a signal: Node warns of more than ten. */
export class Leavers {
  readonly #ofSignal = new WeakMap<AbortSignal, Set<() => void>>();

  of(signal: AbortSignal): Set<() => void> {
    const found = this.#ofSignal.get(signal);
    if (found !== undefined) return found;
    const leavers = new Set<() => void>();
    this.#ofSignal.set(signal, leavers);
    const leaveAll = (): void => {
      for (const leave of leavers) leave();
      leavers.clear();
    };
    signal.addEventListener('abort', leaveAll, { once: true });
    return leavers;
  }
}
