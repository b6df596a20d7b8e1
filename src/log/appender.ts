/**
 * Group commit: requests that arrive while one append is on its way to the disk share the next one. Each is
 * acknowledged only after its events are committed, and a request whose events the database refuses fails
 * alone, never with its neighbours. At most one append is in flight per process, so that a busy log writes
 * few, large transactions instead of many small ones.
 */
import type { Clock } from '../kernel/clock.ts';
import type { NewEvent } from '../kernel/event.ts';
import type { AppendReceipt } from './event-log.ts';

/** Appends unique events in one transaction; names those that the log already had. */
export type AppendOnce = (events: readonly NewEvent[]) => Promise<AppendReceipt>;

interface Request {
  readonly events: readonly NewEvent[];
  readonly resolve: (receipt: AppendReceipt) => void;
  readonly reject: (error: unknown) => void;
}

// One transaction takes this many events at the most: 500 reached the full rate on PostgreSQL 18 with 1 kB
// events, beyond it only the wait of the others grows (decisions/0001, 2026-11).
const EVENTS_PER_APPEND_MAX = 1_000;

/** One transaction of the log, for metrics and traces. */
export interface AppendFact {
  readonly eventCount: number;
  /** Requests that shared it. */
  readonly requestCount: number;
  readonly durationMs: number;
  /** Milliseconds since the epoch. */
  readonly endedAtMs: number;
  readonly isDurable: boolean;
}

export interface AppenderOptions {
  readonly clock: Clock;
  readonly appendOnce: AppendOnce;
  /**
   * True when an error is about the events and not about the database being away: only then can others of
   * the group fare better alone.
   */
  readonly isRefusal: (error: unknown) => boolean;
  readonly onAppended: () => void;
  /** Called after every transaction, also one that failed; cheap, and never throws. */
  readonly onAppend?: (news: AppendFact) => void;
}

export class Appender {
  readonly #options: AppenderOptions;
  #waiting: Request[] = [];
  #isRunning = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
  }

  append(events: readonly NewEvent[]): Promise<AppendReceipt> {
    if (events.length === 0) return Promise.resolve({ appendedCount: 0, duplicateIds: [] });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Requests of the same turn of the event loop travel together from the first append on.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#appendGroup(this.#takeGroup());
    this.#isRunning = false;
  }

  #takeGroup(): readonly Request[] {
    let eventCount = 0;
    let size = 0;
    for (const request of this.#waiting) {
      eventCount += request.events.length;
      if (size > 0 && eventCount > EVENTS_PER_APPEND_MAX) break;
      size += 1;
    }
    return this.#waiting.splice(0, size);
  }

  async #appendGroup(group: readonly Request[]): Promise<void> {
    const { unique, repeats } = firstOfEachId(group);
    try {
      const receipt = await this.#measured(unique, group.length);
      const dropped = new Set(receipt.duplicateIds);
      group.forEach((request, index) => {
        request.resolve(receiptOf(request, dropped, repeats.get(index)));
      });
      if (receipt.appendedCount > 0) this.#options.onAppended();
    } catch (error) {
      if (group.length === 1 || !this.#options.isRefusal(error)) {
        for (const request of group) request.reject(error);
        return;
      }
      // Which request the database refused is not said; alone, each gets its own verdict.
      for (const request of group) await this.#appendGroup([request]);
    }
  }

  async #measured(events: readonly NewEvent[], requestCount: number): Promise<AppendReceipt> {
    const { clock, appendOnce, onAppend } = this.#options;
    if (onAppend === undefined) return appendOnce(events);
    const startedAtMs = clock.now();
    let isDurable = false;
    try {
      const receipt = await appendOnce(events);
      isDurable = true;
      return receipt;
    } finally {
      const endedAtMs = clock.now();
      const durationMs = endedAtMs - startedAtMs;
      onAppend({ eventCount: events.length, requestCount, durationMs, endedAtMs, isDurable });
    }
  }
}

interface Merged {
  readonly unique: readonly NewEvent[];
  /** Ids that a request repeats from itself or from an earlier one of the group, by the request's index. */
  readonly repeats: ReadonlyMap<number, readonly string[]>;
}

function firstOfEachId(group: readonly Request[]): Merged {
  const unique = new Map<string, NewEvent>();
  const repeats = new Map<number, string[]>();
  group.forEach((request, index) => {
    for (const event of request.events) {
      if (!unique.has(event.id)) {
        unique.set(event.id, event);
        continue;
      }
      const ids = repeats.get(index) ?? [];
      ids.push(event.id);
      repeats.set(index, ids);
    }
  });
  return { unique: [...unique.values()], repeats };
}

function receiptOf(
  request: Request,
  dropped: ReadonlySet<string>,
  repeats: readonly string[] = [],
): AppendReceipt {
  if (dropped.size === 0 && repeats.length === 0) {
    return { appendedCount: request.events.length, duplicateIds: [] };
  }
  const known = request.events.filter((event) => dropped.has(event.id)).map((event) => event.id);
  const repeated = repeats.filter((id) => !dropped.has(id));
  return {
    appendedCount: request.events.length - known.length - repeated.length,
    duplicateIds: [...new Set([...known, ...repeated])],
  };
}
