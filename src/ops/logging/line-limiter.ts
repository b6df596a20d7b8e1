/**
 * Keeps a storm out of the log: of lines that say the same, only the first few of a minute are written, and at its end
 * one that says how many were not.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../kernel/clock.ts';

export type Level = 'info' | 'warn' | 'error';

/** A line: what happened, and what makes it different from others of its kind. */
export interface Line {
  readonly level: Level;
  /** `area.past_tense`; docs/logs.md lists them. */
  readonly event: string;
  /** Lines with these fields in common say the same. */
  readonly about: Readonly<Record<string, string>>;
  /** What else there is to say. */
  readonly details?: object;
}

// Enough to see a pattern; at ten a minute a day of trouble is 14,400 lines.
const LINES_PER_WINDOW = 10;
const WINDOW_MS = 60_000;

// Kinds of lines are connections times flows times fault codes, and vendors may invent codes.
const KINDS_MAX = 1_000;

interface Kind {
  readonly line: Line;
  count: number;
}

export class LineLimiter {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  #kinds = new Map<string, Kind>();
  #windowEndsMs = 0;
  #isWaiting = false;

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  write(line: Line): void {
    if (this.#clock.now() >= this.#windowEndsMs) this.#nextWindow();
    const kind = this.#kindOf(line);
    kind.count += 1;
    if (kind.count <= LINES_PER_WINDOW) {
      this.#logger[line.level]({ ...line.about, ...line.details }, line.event);
      return;
    }
    if (!this.#isWaiting) void this.#summariseAtEnd();
  }

  /** Says what was left out so far, and nothing by itself any more. */
  close(): void {
    this.#stop.abort();
    this.#nextWindow();
  }

  #kindOf(line: Line): Kind {
    const whole = JSON.stringify([line.event, line.about]);
    const key = this.#kinds.size < KINDS_MAX || this.#kinds.has(whole) ? whole : line.event;
    const kind = this.#kinds.get(key) ?? { line: key === whole ? line : { ...line, about: {} }, count: 0 };
    this.#kinds.set(key, kind);
    return kind;
  }

  /** A storm may end in the middle of a minute; its summary comes all the same. */
  async #summariseAtEnd(): Promise<void> {
    this.#isWaiting = true;
    await this.#clock.sleep(this.#windowEndsMs - this.#clock.now(), this.#stop.signal);
    this.#isWaiting = false;
    if (!this.#stop.signal.aborted && this.#clock.now() >= this.#windowEndsMs) this.#nextWindow();
  }

  #nextWindow(): void {
    const kinds = this.#kinds;
    this.#kinds = new Map();
    this.#windowEndsMs = this.#clock.now() + WINDOW_MS;
    for (const { line, count } of kinds.values()) {
      const leftOut = count - LINES_PER_WINDOW;
      if (leftOut > 0) this.#logger[line.level]({ ...line.about, repeated: leftOut }, line.event);
    }
  }
}
