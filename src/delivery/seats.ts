/** All shards that this worker reads, and what their readers share. */
import type { Connection } from '../flows/workspace.ts';
import type { Fault } from '../kernel/outcome.ts';
import { ConnectionClient } from '../outbound/index.ts';
import type { Lease, ShardId } from '../store/queries/cursors.ts';
import { suspendConnection } from '../store/queries/suspensions.ts';
import { EVERY_WORKSPACE } from '../store/signals.ts';
import { parseLine } from './changed-records.ts';
import { makeLimitStore } from './limit-store.ts';
import { SILENT_OBSERVER } from './observer.ts';
import { OpenClients } from './open-clients.ts';
import type { ConnectionLimits } from './open-clients.ts';
import { storableFault } from './parked-work.ts';
import { makeShared } from './reader-parts.ts';
import { shardName } from './roster.ts';
import { Seat } from './seat.ts';
import type { WorkerOptions } from './worker-options.ts';
import type { WorkerLease } from './worker-lease.ts';

// A reader that ended before its time: whatever the reason, it may come again at once.
const REST_MS = 1_000;

export class Seats {
  readonly #options: WorkerOptions;
  readonly #workerLease: WorkerLease;
  /** Aborts when the process will not wait for the store any longer. */
  readonly #giveUp: AbortSignal;
  readonly #clients: OpenClients;
  readonly #shared = makeShared();
  readonly #seats = new Map<string, Seat>();
  /** Of which something is left: the seats, and those whose clients are being closed. */
  readonly #ending = new Set<Promise<void>>();
  readonly #restUntilMs = new Map<string, number>();

  constructor(options: WorkerOptions, workerLease: WorkerLease, giveUp: AbortSignal) {
    this.#options = options;
    this.#workerLease = workerLease;
    this.#giveUp = giveUp;
    this.#clients = new OpenClients(
      (connection) =>
        new ConnectionClient({
          connector: connection.connector,
          settings: connection.settings,
          privateAddresses: connection.allowsPrivateAddresses,
          clock: options.clock,
          limits: makeLimitStore(options.pool, connection),
          ...(options.loginOf === undefined ? {} : { login: options.loginOf(connection) }),
        }),
    );
  }

  [Symbol.iterator](): IterableIterator<[name: string, seat: Seat]> {
    return this.#seats.entries();
  }

  get(shard: ShardId): Seat | undefined {
    return this.#seats.get(shardName(shard));
  }

  /** False while the shard is still being left, or rests. */
  isOpenFor(shard: ShardId): boolean {
    const name = shardName(shard);
    return !this.#seats.has(name) && (this.#restUntilMs.get(name) ?? 0) <= this.#options.clock.now();
  }

  get workspaceIds(): ReadonlySet<number> {
    return new Set([...this.#seats.values()].map(({ lease }) => lease.key.workspaceId));
  }

  limitUse(): readonly ConnectionLimits[] {
    return this.#clients.limitUse();
  }

  wake(workspaceId: number): void {
    for (const seat of this.#seats.values()) {
      if (workspaceId === EVERY_WORKSPACE || workspaceId === seat.lease.key.workspaceId) seat.wake();
    }
  }

  /** What the line of a signal says of records, or that signals were missed. */
  forget(workspaceId: number, line: string): void {
    const changed = parseLine(line);
    for (const seat of this.#seats.values()) {
      const { key } = seat.lease;
      if (workspaceId !== EVERY_WORKSPACE && workspaceId !== key.workspaceId) continue;
      if (changed === undefined || changed.connection === key.connection) seat.forget(changed?.record);
    }
  }

  leaveAll(): void {
    for (const seat of this.#seats.values()) seat.leave();
  }

  /**
   * Ends what would not end by itself: calls in flight are broken, and go down as failed. So that none arrives after
   * those of whoever reads next.
   */
  async cutOff(): Promise<void> {
    this.leaveAll();
    try {
      await this.#clients.cutOff();
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'delivery.close_failed');
    }
    await this.ended();
  }

  /** Resolves when every shard that is read now has been given back. */
  async ended(): Promise<void> {
    await Promise.all(this.#ending);
  }

  /** Begins to read. */
  take(connection: Connection, lease: Lease): void {
    const { pool, clock, random, logger, signals, logOf, observer = SILENT_OBSERVER } = this.#options;
    const { client, close } = this.#clients.open(connection);
    const { key } = lease;
    const owner = this.#workerLease.id;
    const about = { connection: key.connection, shard: key.shard, epoch: lease.epoch, worker: owner };
    const name = shardName(key);
    const seat = new Seat(
      {
        pool,
        log: logOf(key.workspaceId),
        clock,
        random,
        logger: logger.child({ connection: key.connection, shard: key.shard }),
        observer,
        shared: this.#shared,
        connection,
        client,
        key,
        lease,
        isOwner: () => this.#workerLease.isHeld && this.#workerLease.id === owner,
        giveUp: this.#giveUp,
        onSuspended: (fault) => this.#markSuspended(connection, fault),
      },
      {
        closeClient: close,
        onFreed: () => {
          if (!seat.isLeaving) this.#restUntilMs.set(name, clock.now() + REST_MS);
          this.#seats.delete(name);
          logger.info(about, 'delivery.shard_freed');
          signals.publish('leases', EVERY_WORKSPACE);
        },
      },
    );
    this.#seats.set(name, seat);
    logger.info(about, 'delivery.shard_taken');
    this.#ending.add(seat.ended);
    void seat.ended.finally(() => this.#ending.delete(seat.ended));
  }

  async #markSuspended({ workspaceId, name }: Connection, fault: Fault): Promise<boolean> {
    const { pool, signals, logger } = this.#options;
    try {
      const isNews = await suspendConnection(pool, workspaceId, name, storableFault(fault));
      // The other shards of the connection need not find out by a refusal of their own.
      if (isNews) signals.publish('control', workspaceId);
      return isNews;
    } catch (error) {
      // The reader stands still all the same; after a restart the vendor's next refusal marks it again.
      logger.error({ err: error, connection: name }, 'delivery.suspend_failed');
      return true;
    }
  }
}
