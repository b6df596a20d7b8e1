import { inspect } from 'node:util';

const HIDDEN = '[redacted]';

/**
 * A secret that is safe to log, print or serialise by accident: only `reveal()` gives the value. Secrets
 * are wrapped when they are parsed and revealed at the one place that sends them.
 */
export class Redacted {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
