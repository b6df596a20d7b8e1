/**
 * Reads the log for one connection and delivers. While it owns the lease:
 *
 * - READ: takes the next events after its cursor, as long as the window has room; each becomes works through
 *   the connection's flows, or nothing.
 * - SEND: when the vendor's limits have room and a batch is full or has waited long enough, the works that
 *   are ready travel together, one per order key.
 * - SETTLE: every input has one outcome, and the ledger gives it what that means: finished, parked, dead, or
 *   back to the queue.
 * - RECORD: outcomes and the cursor are written together. The cursor is a low watermark.
 *
 * Two things stop sending without parking the backlog, which stays in the log: an open breaker (the vendor is
 * down: one input probes now and then) and suspension (the credentials are refused: a human must act).
 */
import type { Position } from '../kernel/event.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Flow } from '../flows/workspace.ts';
import { slotOf } from '../log/index.ts';
import { RecordClaims } from '../outbound/index.ts';
import { appendDerived } from './append-derived.ts';
import { Breaker } from './breaker.ts';
import { Ledger } from './ledger.ts';
import type { Unsent } from './ledger.ts';
import { MemoryCache } from './memory-cache.ts';
import type { ReaderParts } from './reader-parts.ts';
import { runBatch } from './run-batch.ts';
import { takeIn } from './take-in.ts';
import { Waker } from './waker.ts';
import { WorkQueue } from './work-queue.ts';
import type { Work } from './work.ts';

// Events held in memory between the log and the vendor. Five thousand keep fifty batches of a hundred ready;
// at 2 kB each they are some 10 MB per connection.
const WINDOW_EVENTS_MAX = 5_000;

// A thousand rows of 1 kB take PostgreSQL 4 ms and arrive in 6 (2026-11); larger reads only hold up the others.
const READ_EVENTS_MAX = 1_000;

// Entries on their way to the disk before reading pauses.
const UNWRITTEN_MAX = 200;

// How often an idle reader looks by itself, in case a signal was lost.
const POLL_MS = 1_000;

export class Reader {
  readonly #parts: ReaderParts;
  readonly #queue: WorkQueue;
  readonly #ledger: Ledger;
  readonly #claims = new RecordClaims();
  readonly #cache: MemoryCache;
  readonly #breaker: Breaker;
  readonly #waker: Waker;
  readonly #stop = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  #readPosition: Position;
  #isCaughtUp = false;
  #hasFailed = false;
  #isSuspended: boolean;
  #lastBatchAtMs = Number.NEGATIVE_INFINITY;
  #lastReadAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#queue = new WorkQueue((error) => {
      parts.logger.error({ err: error }, 'delivery.connector_bug');
    });
    this.#cache = new MemoryCache(parts.clock);
    this.#breaker = new Breaker(parts.random);
    this.#waker = new Waker(parts.clock);
    this.#readPosition = parts.lease.position;
    this.#isSuspended = parts.connection.suspended !== null;
    this.#ledger = new Ledger(parts, this.#queue, {
      onRecorded: () => {
        this.#waker.wake();
      },
      onLeaseLost: () => {
        this.stop();
      },
    });
  }

  /** True while the credentials are refused and nothing is sent. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** Runs until `stop` is called or the lease is lost; then lets batches in flight finish and records them. */
  async run(): Promise<void> {
    await this.#ledger.loadParked();
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        // PostgreSQL may be restarting; nothing is lost, the next turn reads again.
        this.#parts.logger.error({ err: error }, 'delivery.read_failed');
        await this.#waker.wait(POLL_MS);
      }
    }
    await Promise.all(this.#batches);
    if (!this.#hasFailed) this.#ledger.parkStragglers();
    await this.#ledger.written();
  }

  stop(): void {
    this.#stop.abort();
    this.#waker.wake();
  }

  /** There may be new events. */
  wake(): void {
    this.#isCaughtUp = false;
    this.#waker.wake();
  }

  /** A command parked something, or lifted the suspension. */
  async refresh(isSuspended: boolean): Promise<void> {
    this.#isSuspended = isSuspended;
    await this.#ledger.loadParked();
    this.wake();
  }

  async #turn(): Promise<void> {
    if (this.#mayUnpark()) await this.#ledger.unpark();
    if (this.#parts.clock.now() - this.#lastReadAtMs >= POLL_MS) this.#isCaughtUp = false;
    if (this.#hasRoom()) await this.#read();
    this.#startBatches();
    if (!this.#hasRoom()) await this.#waker.wait(this.#nextTurnMs());
  }

  /** What is parked stays in the store while there is enough to send. */
  #mayUnpark(): boolean {
    return !this.#isSuspended && this.#queue.partCount < WINDOW_EVENTS_MAX;
  }

  #hasRoom(): boolean {
    return (
      !this.#isCaughtUp &&
      !this.#isSuspended &&
      this.#ledger.openCount < WINDOW_EVENTS_MAX &&
      this.#ledger.unwrittenCount < UNWRITTEN_MAX
    );
  }

  async #read(): Promise<void> {
    // Set before reading: a wake-up that comes while the read is under way must not be overwritten.
    this.#isCaughtUp = true;
    this.#lastReadAtMs = this.#parts.clock.now();
    const events = await this.#parts.log.read({ position: this.#readPosition }, READ_EVENTS_MAX);
    if (events.length === READ_EVENTS_MAX) this.#isCaughtUp = false;
    const unsent = new Map<Flow, Unsent[]>();
    for (const event of events) {
      this.#readPosition = event.position;
      if (this.#ledger.isFinished(event.position, slotOf(event.personKey))) {
        this.#ledger.admit(event.position, []);
        continue;
      }
      const taken = takeIn(event, this.#parts.connection, this.#parts.clock.now(), this.#ledger.live);
      this.#ledger.admit(event.position, taken.works);
      for (const { flow, ...rest } of taken.unsent) {
        const items = unsent.get(flow) ?? [];
        items.push(rest);
        unsent.set(flow, items);
      }
    }
    for (const [flow, items] of unsent) this.#ledger.recordUnsent(flow, items);
    this.#ledger.flush();
  }

  /** Starts every batch that may start now, the flow first whose works have waited longest. */
  #startBatches(): void {
    const waitingMs = (flow: Flow): number => this.#queue.oldestReadyMs(flow) ?? 0;
    for (;;) {
      const [flow] = this.#queue
        .readyFlows()
        .filter((each) => this.#startsInMs(each) === 0)
        .sort((a, b) => waitingMs(a) - waitingMs(b));
      if (flow === undefined || !this.#startBatch(flow)) return;
    }
  }

  /** False when the clock stepped back and nothing is old enough any more. */
  #startBatch(flow: Flow): boolean {
    const { clock, logger } = this.#parts;
    const { maxItems, gatherMs = 0 } = flow.preset.action.batch;
    const works = this.#queue.take(flow, this.#breaker.isOpen ? 1 : maxItems, clock.now() - gatherMs);
    if (works.length === 0) return false;
    this.#lastBatchAtMs = clock.now();
    const sending: Promise<void> = this.#send(flow, works)
      .catch((error: unknown) => {
        // A defect of the engine: what is in flight is unknown, so the next reader starts over from the cursor.
        logger.fatal({ err: error }, 'delivery.reader_failed');
        this.#hasFailed = true;
        this.stop();
      })
      .finally(() => {
        this.#batches.delete(sending);
        this.#waker.wake();
      });
    this.#batches.add(sending);
    return true;
  }

  /**
   * Milliseconds until a batch of the flow may start; `undefined` when only the end of a batch in flight, or
   * a human, can change that.
   */
  #startsInMs(flow: Flow): number | undefined {
    const places = this.#breaker.isOpen ? 1 : this.#parts.connection.connector.http.concurrent;
    const companyMs = this.#companyMs(flow);
    if (this.#isSuspended || this.#batches.size >= places || companyMs === undefined) return undefined;
    return Math.max(companyMs, this.#breaker.delayMs(this.#parts.clock.now()), this.#parts.client.delayMs());
  }

  /** How long the flow's ready works still wait for company; `undefined` when there are none. */
  #companyMs(flow: Flow): number | undefined {
    const oldestMs = this.#queue.oldestReadyMs(flow);
    if (oldestMs === undefined) return undefined;
    const { maxItems, lingerMs, gatherMs = 0 } = flow.preset.action.batch;
    const nowMs = this.#parts.clock.now();
    const gatheredInMs = Math.max(0, oldestMs + gatherMs - nowMs);
    const isFull = this.#queue.readyCount(flow) >= maxItems;
    const isIdle = nowMs - this.#lastBatchAtMs >= lingerMs;
    return isFull || isIdle ? gatheredInMs : Math.max(gatheredInMs, oldestMs + lingerMs - nowMs);
  }

  async #send(flow: Flow, works: readonly Work[]): Promise<void> {
    const { connection, client, clock, logger } = this.#parts;
    const runs = runBatch(flow, works, {
      connection,
      client,
      claims: this.#claims,
      cache: this.#cache,
      clock,
      signal: this.#stop.signal,
      onConnectorBug: (error) => {
        logger.error({ err: error, flow: flow.name }, 'delivery.connector_bug');
      },
    });
    for await (const run of runs) {
      if (run.isOutage) this.#breaker.failed(clock.now());
      else this.#breaker.succeeded();
      const emitted = await appendDerived(run, this.#parts);
      // An answer may defer some inputs of a call and not the others.
      const waits = emitted.outcomes.map((outcome) => (outcome.kind === 'deferred' ? outcome.waitMs : 0));
      client.pause(Math.max(...waits));
      const suspension = emitted.outcomes.find((outcome) => outcome.kind === 'suspended');
      if (suspension !== undefined) await this.#suspend(suspension.fault);
      this.#ledger.settle(flow, emitted);
    }
  }

  async #suspend(fault: Fault): Promise<void> {
    if (this.#isSuspended) return;
    this.#isSuspended = true;
    this.#parts.logger.error({ fault, connection: this.#parts.connection.name }, 'delivery.suspended');
    await this.#parts.onSuspended(fault);
  }

  #nextTurnMs(): number {
    const waits = this.#queue.readyFlows().map((flow) => this.#startsInMs(flow) ?? POLL_MS);
    const dueMs = this.#mayUnpark() ? (this.#ledger.nextDueMs() ?? POLL_MS) : POLL_MS;
    // At least a millisecond: the loop must never keep the event loop to itself.
    return Math.max(1, Math.min(POLL_MS, dueMs, ...waits));
  }
}
