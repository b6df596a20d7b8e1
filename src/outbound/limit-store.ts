/** Where the limits of a connection are kept, so that all of its workers count together. */
import type { Clock } from '../kernel/clock.ts';

/** One limit as it is stored; `state` is empty until someone has written it. */
export interface StoredLimit {
  readonly name: string;
  /** Of the row: a write that names another one changes nothing. */
  readonly version: number;
  readonly state: string;
}

export interface LimitStore {
  /** The limits of these names, which are made where they are missing. */
  load(names: readonly string[]): Promise<LoadedLimits>;
  /** Writes all of them when none has changed since the given versions, or else none, and answers what is there. */
  swap(changes: readonly StoredLimit[]): Promise<SwappedLimits>;
}

export interface LoadedLimits {
  /** The store's clock, which is the one that counts for all workers. */
  readonly nowMs: number;
  readonly limits: readonly StoredLimit[];
}

export interface SwappedLimits extends LoadedLimits {
  /** When true, `limits` is empty: each is as it was written, one version on. */
  readonly isSwapped: boolean;
}

/** For a process that is alone with its connection: a command, or a test. */
export class MemoryLimitStore implements LimitStore {
  readonly #clock: Clock;
  readonly #limits = new Map<string, StoredLimit>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  load(names: readonly string[]): Promise<LoadedLimits> {
    return Promise.resolve({ nowMs: this.#clock.now(), limits: names.map((name) => this.#get(name)) });
  }

  swap(changes: readonly StoredLimit[]): Promise<SwappedLimits> {
    const nowMs = this.#clock.now();
    const isSwapped = changes.every(({ name, version }) => this.#get(name).version === version);
    const limits = isSwapped ? [] : changes.map(({ name }) => this.#get(name));
    if (isSwapped) {
      for (const change of changes) this.#limits.set(change.name, { ...change, version: change.version + 1 });
    }
    return Promise.resolve({ nowMs, isSwapped, limits });
  }

  #get(name: string): StoredLimit {
    return this.#limits.get(name) ?? { name, version: 0, state: '' };
  }
}
