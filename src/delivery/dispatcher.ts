/**
 * Decides which works travel next, and sends them. The most urgent line goes first, and among equals the flow that
 * was served longest ago, so that no flow of a connection starves another. What holds a batch back: places in
 * flight, the vendor's limits, company that may still come, an open breaker, suspension.
 */
import type { Flow } from '../flows/workspace.ts';
import type { AnyAction, ChangedRecord, DeliverContext } from '../kit/index.ts';
import { LIVE_CLAIMANT, Patience } from '../outbound/index.ts';
import type { Claimant, RecordClaims } from '../outbound/index.ts';
import { appendDerived } from './append-derived.ts';
import { MemoryCache } from './memory-cache.ts';
import type { QuotaShare } from './quota.ts';
import type { ReaderParts } from './reader-parts.ts';
import { runBatch } from './run-batch.ts';
import type { BatchRun } from './run-batch.ts';
import { runOnce } from './run-once.ts';
import { VendorWatch } from './vendor-watch.ts';
import type { Line, WorkQueue } from './work-queue.ts';
import type { Work } from './work.ts';

export interface DispatcherSignals {
  /** The share of the vendor's limits that what is not live may use. */
  readonly replayShare: () => number;
  /** A run is over and has outcomes; those that are to be derived from it are in the log. */
  readonly onRun: (flow: Flow, run: BatchRun) => void;
  /** Something changed that may let another batch start. */
  readonly onChange: () => void;
  /** A defect of the engine: what is in flight is unknown. */
  readonly onDefect: (error: unknown) => void;
}

// As many as are read at once: their outcomes are recorded together, and no call holds them up.
const IDLE_ITEMS_MAX = 1_000;

export class Dispatcher {
  readonly #parts: ReaderParts;
  readonly #queue: WorkQueue;
  readonly #signals: DispatcherSignals;
  readonly #claims: RecordClaims;
  readonly #cache: MemoryCache;
  readonly #vendor: VendorWatch;
  readonly #calls: QuotaShare;
  readonly #stop = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  /** Of those that are not live. */
  readonly #patiences = new Set<Patience>();
  /** Flows in the order in which they were served, the last one last. */
  readonly #served = new Set<Flow>();
  #lastBatchAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: ReaderParts, queue: WorkQueue, signals: DispatcherSignals) {
    this.#parts = parts;
    this.#queue = queue;
    this.#signals = signals;
    this.#claims = parts.shared.claims.within(parts.connection.workspaceId, parts.connection.name);
    this.#cache = new MemoryCache(parts.clock);
    this.#vendor = new VendorWatch(parts);
    this.#calls = parts.shared.calls.join();
  }

  /** True while a human must act, and nothing is sent. */
  get isSuspended(): boolean {
    return this.#vendor.isSuspended;
  }

  /** True while the vendor as a whole does not answer. */
  get isVendorDown(): boolean {
    return this.#vendor.breaker.isOpen;
  }

  /** Batches in flight. */
  get inFlightCount(): number {
    return this.#batches.size;
  }

  /** Somebody else changed a record at the vendor; when it is not known which, any may have been. */
  forget(record: ChangedRecord | undefined): void {
    this.#parts.connection.connector.webhooks?.forget(this.#cache, record);
  }

  /** Another shard found that a human must act, and has told so. */
  hold(): void {
    this.#vendor.hold();
  }

  /** A human, or a changed credential, lifted the suspension. */
  resume(): Promise<void> {
    return this.#vendor.resume();
  }

  /** Starts every batch that may start now. */
  start(): void {
    this.#startIdle();
    for (;;) {
      const [line] = this.#queue
        .readyLines()
        .filter((each) => this.#startsInMs(each) === 0)
        .sort((a, b) => this.#compare(a, b));
      if (line === undefined || !this.#startBatch(line)) return;
    }
  }

  /** Milliseconds until a batch may start; `undefined` when something else must happen first. */
  nextMs(): number | undefined {
    const waits = this.#queue.readyLines().flatMap((line) => this.#startsInMs(line) ?? []);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  /** A replay was paused or is over: what waits for room on its behalf holds up nobody any longer. */
  hurry(): void {
    for (const patience of this.#patiences) patience.end();
  }

  /** Starts nothing more and lets no further call leave; what is on its way comes back. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.hurry();
    await Promise.all(this.#batches);
    this.#calls.hold(0);
  }

  #compare(a: Line, b: Line): number {
    // Lines come by priority, so only those of one priority are turned round.
    if (a.priority !== b.priority) return 0;
    const served = [...this.#served];
    return served.indexOf(a.flow) - served.indexOf(b.flow);
  }

  /** False when the clock stepped back and nothing is old enough any more. */
  #startBatch(line: Line): boolean {
    const { clock } = this.#parts;
    const { maxItems, gatherMs = 0 } = line.flow.preset.action.batch;
    const works = this.#queue.take(
      line,
      this.#vendor.breaker.isOpen ? 1 : maxItems,
      clock.now() - gatherMs,
      (work) => this.#ask(work, ({ places }, context) => places?.(work.input, context) ?? 1, 1),
    );
    if (works.length === 0) return false;
    this.#lastBatchAtMs = clock.now();
    this.#served.delete(line.flow);
    this.#served.add(line.flow);
    this.#begin(line, works);
    return true;
  }

  /** Inputs that need no call wait for nothing: in a batch they would take the place of one that needs it. */
  #startIdle(): void {
    if (this.isSuspended || this.#vendor.breaker.isOpen) return;
    const isIdle = (work: Work): boolean =>
      // Who has something sent again wants it looked at.
      work.priority === 'live' &&
      this.#ask(work, ({ needsNoCall }, context) => needsNoCall?.(work.input, context) ?? false, false);
    for (const [line, works] of this.#queue.takeIdle(isIdle)) {
      for (let at = 0; at < works.length; at += IDLE_ITEMS_MAX) {
        this.#begin(line, works.slice(at, at + IDLE_ITEMS_MAX));
      }
    }
  }

  /** Asks the connector about a work that waits; `otherwise` stands for the answer of one that fails. */
  #ask<Answer>(
    { flow, priority }: Work,
    question: (action: AnyAction, context: DeliverContext<unknown, unknown>) => Answer,
    otherwise: Answer,
  ): Answer {
    const { connection, clock, logger } = this.#parts;
    try {
      return question(flow.preset.action, {
        settings: connection.settings,
        options: flow.options,
        cache: this.#cache,
        nowMs: clock.now(),
        isReplay: priority !== 'live',
      });
    } catch (error) {
      logger.error({ err: error, flow: flow.name }, 'delivery.connector_bug');
      return otherwise;
    }
  }

  #begin(line: Line, works: readonly Work[]): void {
    const patience = line.priority === 'live' ? undefined : new Patience(this.#parts.clock);
    if (patience !== undefined) this.#patiences.add(patience);
    const sending: Promise<void> = this.#send(line, works, patience)
      .catch(this.#signals.onDefect)
      .finally(() => {
        patience?.end();
        if (patience !== undefined) this.#patiences.delete(patience);
        this.#batches.delete(sending);
        this.#calls.hold(this.#batches.size);
        this.#signals.onChange();
      });
    this.#batches.add(sending);
    this.#calls.hold(this.#batches.size);
  }

  /**
   * Milliseconds until a batch of the line may start; `undefined` when only the end of a batch in flight, or a
   * human, can change that.
   */
  #startsInMs(line: Line): number | undefined {
    const companyMs = this.#companyMs(line);
    const isFull = this.#batches.size >= this.#placesFor(line) || !this.#calls.hasRoom();
    if (this.isSuspended || isFull || companyMs === undefined) return undefined;
    const { clock, client } = this.#parts;
    return Math.max(
      companyMs,
      this.#vendor.breaker.delayMs(clock.now()),
      client.delayMs(this.#claimant(line)),
    );
  }

  #claimant({ flow, priority }: Line): Claimant {
    const common = { action: flow.preset.action.id, mayCall: this.#parts.isOwner };
    return priority === 'live'
      ? { ...LIVE_CLAIMANT, ...common }
      : { priority, rateShare: this.#signals.replayShare(), ...common };
  }

  /** What is not live takes half of the places at the most: a live batch must find one free. */
  #placesFor({ priority }: Line): number {
    const { connector, delivery } = this.#parts.connection;
    // The connector's bound is for the connection, whose shards may all be busy. More shards than that are refused where a
    // configuration is checked; a connection that has them all the same goes on with a call each.
    const places = this.#vendor.breaker.places(
      Math.max(1, Math.floor(connector.http.concurrent / delivery.shards)),
    );
    return priority === 'live' ? places : Math.max(1, Math.floor(places / 2));
  }

  /** How long the line's ready works still wait for company; `undefined` when there are none. */
  #companyMs(line: Line): number | undefined {
    const oldestMs = this.#queue.oldestReadyMs(line);
    if (oldestMs === undefined) return undefined;
    const { maxItems, lingerMs, gatherMs = 0 } = line.flow.preset.action.batch;
    const nowMs = this.#parts.clock.now();
    const gatheredInMs = Math.max(0, oldestMs + gatherMs - nowMs);
    const isFull = this.#queue.readyCount(line) >= maxItems;
    const isIdle = nowMs - this.#lastBatchAtMs >= lingerMs;
    return isFull || isIdle ? gatheredInMs : Math.max(gatheredInMs, oldestMs + lingerMs - nowMs);
  }

  async #send(line: Line, works: readonly Work[], patience: Patience | undefined): Promise<void> {
    const { flow } = line;
    const { connection, client, clock, logger, pool, shared } = this.#parts;
    const parts = {
      connection,
      client,
      claimant: this.#claimant(line),
      patience,
      claims: this.#claims,
      cache: this.#cache,
      clock,
      signal: this.#stop.signal,
      onConnectorBug: (error: unknown) => {
        logger.error({ err: error, flow: flow.name }, 'delivery.connector_bug');
      },
    };
    const onStoreError = (error: unknown): void => {
      logger.error({ err: error }, 'delivery.read_failed');
    };
    const runs =
      flow.preset.action.once === undefined
        ? runBatch(flow, works, parts)
        : runOnce(flow, works, { ...parts, pool, sentOnce: shared.sentOnce, onStoreError });
    for await (const run of runs) {
      await this.#vendor.saw(run);
      const emitted = await appendDerived(run, this.#parts);
      // An answer may defer some inputs of a call and not the others.
      const waits = emitted.outcomes.map((outcome) => (outcome.kind === 'deferred' ? outcome.waitMs : 0));
      client.pause(Math.max(...waits));
      this.#signals.onRun(flow, emitted);
    }
  }
}
