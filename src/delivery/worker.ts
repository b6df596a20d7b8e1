/**
 * Reads for as many shards as are its share: takes those that are free, hands over what others should have, and gives
 * everything back on stopping. Any number of workers may run against one store, on any number of hosts; each looks at
 * the same tables (`roster.ts`) and acts on its own part. A dead one's lease runs out, and others go on where its
 * cursors stand.
 */
import { recutShards } from '../flows/recut-shards.ts';
import { acquireLeases, listShards } from '../store/queries/cursors.ts';
import type { ShardState } from '../store/queries/cursors.ts';
import { LEASE_MS, sweepWorkers } from '../store/queries/workers.ts';
import { EVERY_WORKSPACE, sendSignal } from '../store/signals.ts';
import { withTransaction } from '../store/transaction.ts';
import { Configured } from './configured.ts';
import { LogWatch } from './log-watch.ts';
import type { ConnectionLimits } from './open-clients.ts';
import { reportReaders } from './reader-report.ts';
import type { ReaderReport } from './reader-report.ts';
import { planFor } from './roster.ts';
import { Seats } from './seats.ts';
import { Waker } from './waker.ts';
import { WorkerLease } from './worker-lease.ts';
import type { WorkerOptions } from './worker-options.ts';

// How often a worker looks for shards that nobody reads. Signals make it look at once; this is for what the dead left.
const LOOK_EVERY_MS = 1_000;

// Changes made by commands are signalled; this catches those whose signal was lost.
const RELOAD_EVERY_MS = 60_000;

// One reader that is busy writing must not keep the others from hearing of what was changed.
const REFRESH_WAIT_MS = 1_000;

// What `stop` allows for batches in flight unless it is told otherwise. Vendors answer within some seconds, and
// orchestrators kill after 30 (kubernetes.io, pod lifecycle, terminationGracePeriodSeconds, 2026-11).
export const DRAIN_MS = 20_000;

// A worker that stops while the store is away waits this long for it: its lease has run out by then.
const STORE_WAIT_MS = LEASE_MS;

// Past the bound of `stop`, each of the last words to vendors and to the store may take this long.
const LAST_WORD_MS = 2_000;

export class Worker {
  readonly #options: WorkerOptions;
  readonly #lease: WorkerLease;
  readonly #logWatch: LogWatch;
  readonly #waker: Waker;
  readonly #seats: Seats;
  readonly #stop = new AbortController();
  /** Aborts when a stopping worker will not wait for the store any longer. */
  readonly #giveUp = new AbortController();
  readonly #configured: Configured;
  #shards: readonly ShardState[] = [];
  #reloadAtMs = Number.NEGATIVE_INFINITY;
  #tending: Promise<void> = Promise.resolve();
  #unsubscribe: readonly (() => void)[] = [];

  constructor(options: WorkerOptions) {
    const { pool, clock, logger, identity, logOf, loadWorkspaces } = options;
    const { name, ...self } = identity;
    this.#options = options;
    this.#waker = new Waker(clock);
    this.#configured = new Configured(loadWorkspaces);
    const onLost = (): void => {
      void this.#seats.cutOff();
    };
    this.#lease = new WorkerLease({ pool, clock, logger, name, identity: self, onLost });
    this.#seats = new Seats(options, this.#lease, this.#giveUp.signal);
    this.#logWatch = new LogWatch({
      clock,
      logger,
      logOf,
      workspaceIds: () => this.#seats.workspaceIds,
      onGrown: (workspaceId) => {
        this.#seats.wake(workspaceId);
      },
    });
  }

  async start(): Promise<void> {
    const { signals } = this.#options;
    this.#unsubscribe = [
      signals.subscribe('log', (workspaceId) => {
        this.#seats.wake(workspaceId);
      }),
      signals.subscribe('control', () => {
        this.#reloadAtMs = Number.NEGATIVE_INFINITY;
        this.#waker.wake();
      }),
      signals.subscribe('records', (workspaceId, line) => {
        this.#seats.forget(workspaceId, line);
      }),
      signals.subscribe('leases', () => {
        this.#waker.wake();
      }),
    ];
    await this.#reload();
    await this.#lease.start();
    await this.#look();
    signals.publish('leases', EVERY_WORKSPACE);
    this.#tending = this.#tend();
    void this.#logWatch.run(this.#stop.signal);
  }

  /**
   * Takes nothing more, lets batches in flight finish, writes what is known, hands every shard over. What is not through
   * after `withinMs` is cut off, and whoever reads next sends it again; false then.
   */
  async stop(withinMs = DRAIN_MS): Promise<boolean> {
    this.#stop.abort();
    this.#waker.wake();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    void this.#giveUpAfter(STORE_WAIT_MS);
    const isDrained = await this.#within(withinMs, this.#drain());
    this.#giveUp.abort();
    // Before anyone else reads: a call that is still under way could arrive after theirs.
    if (!isDrained) await this.#within(LAST_WORD_MS, this.#seats.cutOff());
    await this.#within(LAST_WORD_MS, this.#sayLastWord());
    return isDrained;
  }

  /** Whether its own lease is renewed in time; without that it may read nothing. */
  get isRegistered(): boolean {
    return this.#lease.isHeld;
  }

  /** What each reader of the worker's workspaces is doing. */
  report(): readonly ReaderReport[] {
    return reportReaders(this.#shards, this.#configured, this.#seats, this.#logWatch);
  }

  /** What is used of the vendors' limits, of each connection that it reads. */
  limitUse(): readonly (ConnectionLimits & { readonly workspace: string })[] {
    return this.#seats.limitUse().flatMap((use) => {
      const workspace = this.#configured.find(use)?.workspace;
      return workspace === undefined ? [] : [{ ...use, workspace }];
    });
  }

  async #tend(): Promise<void> {
    const { clock, logger } = this.#options;
    while (!this.#stop.signal.aborted) {
      await this.#waker.wait(LOOK_EVERY_MS);
      if (this.#stop.signal.aborted) return;
      try {
        if (clock.now() >= this.#reloadAtMs) await this.#reload();
      } catch (error) {
        logger.error({ err: error }, 'delivery.reload_failed');
      }
      try {
        await this.#look();
      } catch (error) {
        logger.error({ err: error }, 'delivery.look_failed');
      }
    }
  }

  /** Learns what is configured now. Readers whose connection has changed are given up at the next look. */
  async #reload(): Promise<void> {
    this.#reloadAtMs = this.#options.clock.now() + RELOAD_EVERY_MS;
    await this.#configured.load();
    void this.#refreshReaders();
  }

  /** One after the other: a hundred at once would open a connection to the store each. */
  async #refreshReaders(): Promise<void> {
    for (const [, seat] of this.#seats) {
      const connection = this.#configured.find(seat.lease.key)?.connection;
      if (connection === undefined) continue;
      await this.#within(REFRESH_WAIT_MS, seat.refresh(connection.suspended !== null));
    }
  }

  /** Brings the seats in line with who is to read what now. */
  async #look(): Promise<void> {
    const { pool, signals } = this.#options;
    const { id } = this.#lease;
    if (!this.#lease.isHeld) return;
    const workers = await sweepWorkers(pool, LEASE_MS);
    this.#shards = await listShards(pool);
    const { wanted, free, recuts } = planFor(id, this.#shards, workers);
    for (const [name, seat] of this.#seats) {
      const shard = wanted.get(name);
      const isOurs = shard?.owner === id && shard.epoch === seat.lease.epoch;
      const connection = this.#configured.find(seat.lease.key)?.connection;
      if (!isOurs || connection?.revision !== seat.connection.revision) seat.leave();
    }
    const takeable = free.filter(
      (shard) => this.#seats.isOpenFor(shard) && this.#configured.find(shard) !== undefined,
    );
    if (takeable.length > 0) await this.#take(takeable, id);
    for (const { workspaceId, connection } of recuts) {
      const isCut = await withTransaction(pool, (tx) => recutShards(tx, workspaceId, connection));
      if (isCut) signals.publish('leases', EVERY_WORKSPACE);
    }
  }

  async #take(shards: readonly ShardState[], id: string): Promise<void> {
    const leases = await acquireLeases(this.#options.pool, id, shards);
    // When the worker's own lease was lost meanwhile, they are free for others, or left behind for the next look.
    if (!this.#lease.isHeld || this.#lease.id !== id) return;
    for (const lease of leases) {
      const connection = this.#configured.find(lease.key)?.connection;
      if (connection !== undefined) this.#seats.take(connection, lease);
    }
  }

  async #drain(): Promise<void> {
    await this.#lease.drain();
    await this.#tending;
    this.#seats.leaveAll();
    await this.#seats.ended();
  }

  /** Frees what is still owned, and makes others look at once. */
  async #sayLastWord(): Promise<void> {
    const { pool, logger } = this.#options;
    await this.#lease.leave();
    try {
      await sendSignal(pool, 'leases', EVERY_WORKSPACE);
    } catch (error) {
      // They look by themselves.
      logger.warn({ err: error }, 'delivery.signal_failed');
    }
  }

  async #giveUpAfter(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.#giveUp.signal);
    this.#giveUp.abort();
  }

  /** False when the work took longer than that, and is still under way. */
  async #within(ms: number, work: Promise<void>): Promise<boolean> {
    const waiting = new AbortController();
    const isDone = await Promise.race([
      work.then(() => true),
      this.#options.clock.sleep(ms, waiting.signal).then(() => false),
    ]);
    waiting.abort();
    return isDone;
  }
}
