/**
 * Counts calls over the last `spanMs`. Exact rather than bucketed: a client that paces itself to the limit
 * must see no refusal, and one call too many must.
 */
export class RollingWindow {
  readonly spanMs: number;
  #times: number[] = [];
  #start = 0;

  constructor(spanMs: number) {
    this.spanMs = spanMs;
  }

  add(nowMs: number): void {
    this.#times.push(nowMs);
  }

  count(nowMs: number): number {
    // A clock that a test moved back leaves calls "in the future"; they belong to no window any more.
    if ((this.#times.at(-1) ?? 0) > nowMs) this.#times = this.#times.filter((time) => time <= nowMs);
    while (this.#start < this.#times.length && (this.#times[this.#start] ?? 0) <= nowMs - this.spanMs)
      this.#start += 1;
    // Half of the array is dead weight: cutting then costs one copy per element over its life.
    if (this.#start > this.#times.length / 2) {
      this.#times = this.#times.slice(this.#start);
      this.#start = 0;
    }
    return this.#times.length - this.#start;
  }

  clear(): void {
    this.#times = [];
    this.#start = 0;
  }
}
