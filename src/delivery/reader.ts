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
import type { LoggedEvent, Position } from '../kernel/event.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Flow } from '../flows/workspace.ts';
import { RecordClaims } from '../outbound/index.ts';
import { Breaker } from './breaker.ts';
import { Ledger } from './ledger.ts';
import type { Skipped } from './ledger.ts';
import { matchEvent } from './match.ts';
import { MemoryCache } from './memory-cache.ts';
import type { ReaderParts } from './reader-parts.ts';
import { runBatch } from './run-batch.ts';
import type { BatchRun } from './run-batch.ts';
import { Waker } from './waker.ts';
import { WorkQueue } from './work-queue.ts';
import { newWork } from './work.ts';
import type { Work } from './work.ts';

// Events held in memory between the log and the vendor. Five thousand keep fifty batches of a hundred ready;
// at 2 kB each they are some 10 MB per connection.
const WINDOW_EVENTS_MAX = 5_000;

// Reading a thousand rows costs PostgreSQL about 2 ms; larger reads only hold up the other readers.
const READ_EVENTS_MAX = 1_000;

// Entries on their way to the disk before reading pauses.
const UNWRITTEN_MAX = 200;

// How often an idle reader looks by itself, in case a signal was lost.
const POLL_MS = 1_000;

export class Reader {
  readonly #parts: ReaderParts;
  readonly #queue = new WorkQueue();
  readonly #ledger: Ledger;
  readonly #claims = new RecordClaims();
  readonly #cache: MemoryCache;
  readonly #breaker: Breaker;
  readonly #waker: Waker;
  readonly #stop = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  #readPosition: Position;
  #isCaughtUp = false;
  #isSuspended: boolean;
  #lastBatchAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
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
    if (!this.#isSuspended) await this.#ledger.unpark();
    if (this.#hasRoom()) await this.#read();
    this.#startBatches();
    if (this.#hasRoom()) return;
    const waitMs = this.#nextTurnMs();
    await this.#waker.wait(waitMs);
    if (waitMs >= POLL_MS) this.#isCaughtUp = false;
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
    const events = await this.#parts.log.read({ position: this.#readPosition }, READ_EVENTS_MAX);
    if (events.length === READ_EVENTS_MAX) this.#isCaughtUp = false;
    const skipped = new Map<Flow, Skipped[]>();
    for (const event of events) this.#takeIn(event, skipped);
    this.#readPosition = events.at(-1)?.position ?? this.#readPosition;
    for (const [flow, items] of skipped) this.#ledger.recordSkipped(flow, items);
    this.#ledger.flush();
  }

  #takeIn(event: LoggedEvent, skipped: Map<Flow, Skipped[]>): void {
    const readAtMs = this.#parts.clock.now();
    const works: Work[] = [];
    for (const { flow, mapped } of matchEvent(event, this.#parts.connection)) {
      const part = {
        position: event.position,
        eventId: event.id,
        eventType: event.name ?? event.type,
        attempts: 0,
      };
      if (mapped.kind === 'input') {
        works.push(newWork(flow, { ...part, input: mapped.input, notes: mapped.notes ?? [] }, readAtMs));
      } else {
        const items = skipped.get(flow) ?? [];
        items.push({ part: { ...part, input: null, notes: [] }, reason: mapped.reason });
        skipped.set(flow, items);
      }
    }
    this.#ledger.admit(event.position, works);
  }

  /** Starts every batch that may start now. */
  #startBatches(): void {
    const { clock, logger } = this.#parts;
    for (const flow of this.#queue.readyFlows()) {
      const { maxItems, gatherMs = 0 } = flow.preset.action.batch;
      while (this.#startsInMs(flow) === 0) {
        const works = this.#queue.take(flow, this.#breaker.isOpen ? 1 : maxItems, clock.now() - gatherMs);
        this.#lastBatchAtMs = clock.now();
        const sending: Promise<void> = this.#send(flow, works)
          .catch((error: unknown) => {
            // A defect of the engine: what is in flight is unknown, so start over from the cursor.
            logger.fatal({ err: error }, 'delivery.reader_failed');
            this.stop();
          })
          .finally(() => {
            this.#batches.delete(sending);
            this.#waker.wake();
          });
        this.#batches.add(sending);
      }
    }
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
      const emitted = await this.#emit(run);
      const suspension = emitted.outcomes.find((outcome) => outcome.kind === 'suspended');
      if (suspension !== undefined) await this.#suspend(suspension.fault);
      this.#ledger.settle(flow, emitted);
    }
  }

  /** Appends what the outcomes derived; when that fails, the inputs are tried again as a whole. */
  async #emit(run: BatchRun): Promise<BatchRun> {
    const { log, clock, connection, logger } = this.#parts;
    const derived = run.outcomes.flatMap((outcome) =>
      outcome.kind === 'delivered' ? (outcome.emit ?? []) : [],
    );
    if (derived.length === 0) return run;
    const receivedAt = new Date(clock.now()).toISOString();
    try {
      await log.append(
        derived.map(({ payload, ...event }) => ({
          ...event,
          source: connection.name,
          receivedAt,
          body: JSON.stringify(payload),
        })),
      );
      return run;
    } catch (error) {
      logger.error({ err: error }, 'delivery.emit_failed');
      const fault = { code: 'delivery.emit_failed', message: 'The derived events could not be stored.' };
      return { ...run, outcomes: run.outcomes.map(() => ({ kind: 'retry', fault })) };
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
    const dueMs = this.#isSuspended ? POLL_MS : (this.#ledger.nextDueMs() ?? POLL_MS);
    // At least a millisecond: the loop must never keep the event loop to itself.
    return Math.max(1, Math.min(POLL_MS, dueMs, ...waits));
  }
}
