/**
 * Bounds what ingest holds in memory, so that a log that is slow or stands still fills no process. A request counts its
 * bytes as they come into being: the body as it arrives, its text, the events made of it; and it gives them back when it
 * is through, also when its sender has hung up long before. What does not fit is refused with 429 and a time to come
 * back: every client of Segment keeps its events then and sends them again.
 */
import type { Clock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';

export interface IntakeBounds {
  readonly bytes: number;
  /** Requests at work; each costs some memory whatever its size. */
  readonly requests: number;
}

// An event of 1 kB counts some 3 kB on its way: as bytes of the body, as text, as an event. So 128 MB hold what comes in
// three seconds at 14,000 events/s, which a busy disk may cost now and then. With a log that stood still, a process took
// 374 MB at the bound of bytes (batches of 400 events), 188 MB at that of requests (one event each), and 93 MB before
// (Node 20.20, 2026-11).
export const INTAKE_BOUNDS: IntakeBounds = { bytes: 128 * 1024 * 1024, requests: 5_000 };

// A client is told to come back after as long as the bounds have been met already: soon after a hiccup, seldom while
// something is broken. analytics-node 3.1 makes thirty attempts at a batch, counts none of the first twenty that were
// told when to come back, and takes 1 s for less (its source, 2026-11): so it keeps its events for 25 minutes.
const RETRY_AFTER_SECONDS_MAX = 60;

export class Intake {
  readonly #clock: Clock;
  readonly #bounds: IntakeBounds;
  #byteCount = 0;
  #requestCount = 0;
  #fullSinceMs: number | undefined;

  constructor(clock: Clock, bounds: IntakeBounds = INTAKE_BOUNDS) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Bytes that are held just now. */
  get byteCount(): number {
    return this.#byteCount;
  }

  /** Requests at work just now. */
  get requestCount(): number {
    return this.#requestCount;
  }

  /** The account of one request. */
  open(): Hold {
    let bytes = 0;
    let isAtWork = false;
    return {
      take: (more) => {
        if (this.#byteCount + more > this.#bounds.bytes) throw this.#refuse();
        bytes += more;
        this.#byteCount += more;
      },
      begin: () => {
        if (this.#requestCount >= this.#bounds.requests) throw this.#refuse();
        isAtWork = true;
        this.#requestCount += 1;
      },
      end: () => {
        this.#byteCount -= bytes;
        bytes = 0;
        if (isAtWork) this.#requestCount -= 1;
        isAtWork = false;
        this.#relax();
      },
      hungUp: () => {
        if (isAtWork) return;
        this.#byteCount -= bytes;
        bytes = 0;
      },
    };
  }

  #refuse(): LinchpinError {
    const nowMs = this.#clock.now();
    this.#fullSinceMs ??= nowMs;
    const seconds = Math.ceil((nowMs - this.#fullSinceMs) / 1_000);
    return new LinchpinError('ingest.overloaded', {
      message: 'More events are waiting to be stored than fit into memory.',
      retryAfterSeconds: Math.min(RETRY_AFTER_SECONDS_MAX, Math.max(1, seconds)),
    });
  }

  /** Half empty, the next one who finds it full has met a new hiccup. */
  #relax(): void {
    const { bytes, requests } = this.#bounds;
    if (this.#byteCount <= bytes / 2 && this.#requestCount <= requests / 2) this.#fullSinceMs = undefined;
  }
}

/** What one request holds. */
export interface Hold {
  /** Counts bytes that the request is about to hold; throws when they do not fit. */
  take(bytes: number): void;
  /** Work on the request begins; throws when too many are at work. */
  begin(): void;
  /** The request is through: everything is given back. Calling it again does nothing. */
  end(): void;
  /** The connection is closed. Work that has begun goes on, and holds what it holds until its end. */
  hungUp(): void;
}

// An event is an object with seven more fields beside its body; ids, names and times are short.
const EVENT_BYTES = 400;

/** What events take in memory, about. */
export function weigh(events: readonly { readonly body: string }[]): number {
  return events.reduce((sum, { body }) => sum + body.length + EVENT_BYTES, 0);
}
