/**
 * How long a batch that is not live waits for room while it is in flight, where it holds up live inputs of its keys.
 * Until it is over, the calls of the batch go behind live ones. After that a batch of which nothing has left is given
 * up, to wait outside; one that has begun is brought to its end among the live ones, since to begin again would make the
 * same calls again, and might never end.
 */
import type { Clock } from '../kernel/clock.ts';

// A batch starts when its first call may leave soon, so little of this is used as a rule. The shortest limits of many
// calls are ten seconds long (src/connectors/hubspot/limits.ts): a place in those comes in time.
const PATIENCE_MS = 10_000;

export class Patience {
  readonly #over = new AbortController();
  #hasBegun = false;

  constructor(clock: Clock) {
    void clock.sleep(PATIENCE_MS, this.#over.signal).then(() => {
      this.end();
    });
  }

  /** Aborts when it is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** True when a call of the batch has left. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  begin(): void {
    this.#hasBegun = true;
  }

  end(): void {
    this.#over.abort();
  }
}
