/**
 * Runs the readers of a workspace: takes the lease of each connection that nobody reads, reads while it can
 * renew it, hands it over on stopping. Any number of workers may run against one store; a dead one's leases
 * run out and others take over where its cursors stand.
 */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock, Random } from '../kernel/clock.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Connection, Workspace } from '../flows/workspace.ts';
import { SLOT_COUNT } from '../log/index.ts';
import type { EventLog } from '../log/index.ts';
import { ConnectionClient } from '../outbound/index.ts';
import { suspendConnection } from '../store/queries/suspensions.ts';
import { acquireLease, releaseLease, renewLease } from '../store/queries/cursors.ts';
import type { CursorKey, Lease } from '../store/queries/cursors.ts';
import type { Signals } from '../store/signals.ts';
import { storableFault } from './parked-work.ts';
import { Reader } from './reader.ts';

export interface WorkerOptions {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly signals: Signals;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Names this process in the leases it holds. */
  readonly owner: string;
  /** The workspace as it stands in the store now. */
  readonly loadWorkspace: () => Promise<Workspace>;
}

// A dead worker's readers stand still this long at the most. Renewed three times within it, so that one slow
// renewal does not lose the lease.
const LEASE_MS = 9_000;
const RENEW_EVERY_MS = LEASE_MS / 3;

// How often a worker asks for a lease that another holds.
const ACQUIRE_EVERY_MS = 1_000;

// A worker that stops while the store is away waits this long for it: the lease has run out by then.
const STORE_WAIT_MS = LEASE_MS;

// Changes made by commands are signalled; this catches those whose signal was lost.
const RELOAD_EVERY_MS = 10_000;

/** One connection that this worker reads, or waits to read. */
interface Seat {
  readonly connection: Connection;
  readonly stop: AbortController;
  readonly done: Promise<void>;
  reader: Reader | undefined;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #seats = new Map<string, Seat>();
  readonly #stop = new AbortController();
  /** Aborts when a stopping worker will not wait for the store any longer. */
  readonly #giveUp = new AbortController();
  #reloading: Promise<void> = Promise.resolve();
  #unsubscribe: readonly (() => void)[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { signals } = this.#options;
    this.#unsubscribe = [
      signals.subscribe('log', () => {
        for (const seat of this.#seats.values()) seat.reader?.wake();
      }),
      signals.subscribe('control', () => {
        this.#reloadSoon();
      }),
    ];
    await this.#reload();
    void this.#reloadNowAndThen();
  }

  /** Lets batches in flight finish, writes what is known, hands the leases over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    const stopped = new AbortController();
    void this.#giveUpAfter(STORE_WAIT_MS, stopped.signal);
    await this.#reloading;
    await Promise.all([...this.#seats.keys()].map((name) => this.#leaveSeat(name)));
    stopped.abort();
  }

  async #giveUpAfter(ms: number, signal: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(ms, signal);
    if (!signal.aborted) this.#giveUp.abort();
  }

  /** What each reader of this process is doing. */
  report(): readonly {
    readonly connection: string;
    readonly state: 'reading' | 'suspended' | 'waiting for its lease';
  }[] {
    return [...this.#seats].map(([connection, { reader }]) => {
      if (reader === undefined) return { connection, state: 'waiting for its lease' };
      return { connection, state: reader.isSuspended ? 'suspended' : 'reading' };
    });
  }

  async #reloadNowAndThen(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(RELOAD_EVERY_MS, this.#stop.signal);
      if (!this.#stop.signal.aborted) this.#reloadSoon();
    }
  }

  #reloadSoon(): void {
    this.#reloading = this.#reloading
      .then(() => (this.#stop.signal.aborted ? undefined : this.#reload()))
      .catch((error: unknown) => {
        this.#options.logger.error({ err: error }, 'delivery.reload_failed');
      });
  }

  /** Brings the seats in line with the workspace as it is stored now. */
  async #reload(): Promise<void> {
    const { connections } = await this.#options.loadWorkspace();
    const wanted = new Map(
      connections.filter(({ flows }) => flows.length > 0).map((each) => [each.name, each]),
    );
    for (const [name, seat] of this.#seats) {
      const connection = wanted.get(name);
      if (connection?.revision !== seat.connection.revision) await this.#leaveSeat(name);
      else await seat.reader?.refresh(connection.suspended !== null);
    }
    for (const [name, connection] of wanted) if (!this.#seats.has(name)) this.#takeSeat(name, connection);
  }

  #takeSeat(name: string, connection: Connection): void {
    const stop = new AbortController();
    const seat: Seat = { connection, stop, reader: undefined, done: Promise.resolve() };
    this.#seats.set(name, Object.assign(seat, { done: this.#occupy(seat, stop.signal) }));
  }

  async #leaveSeat(name: string): Promise<void> {
    const seat = this.#seats.get(name);
    if (seat === undefined) return;
    seat.stop.abort();
    seat.reader?.stop();
    await seat.done;
    this.#seats.delete(name);
  }

  /** Takes the lease whenever it is free and reads for as long as it holds. */
  async #occupy(seat: Seat, signal: AbortSignal): Promise<void> {
    const { pool, clock, owner, logger } = this.#options;
    const { workspaceId, name } = seat.connection;
    const key: CursorKey = { workspaceId, connection: name, shard: 0, slots: { from: 0, to: SLOT_COUNT } };
    while (!signal.aborted) {
      try {
        const lease = await acquireLease(pool, key, owner, LEASE_MS);
        if (lease === undefined) await clock.sleep(ACQUIRE_EVERY_MS, signal);
        else {
          await this.#readUnder(lease, key, seat, signal);
          // It ended before its time: whatever the reason, the next try must not follow at once.
          await clock.sleep(ACQUIRE_EVERY_MS, signal);
        }
      } catch (error) {
        logger.error({ err: error, connection: name }, 'delivery.lease_failed');
        await clock.sleep(ACQUIRE_EVERY_MS, signal);
      }
    }
  }

  async #readUnder(lease: Lease, key: CursorKey, seat: Seat, signal: AbortSignal): Promise<void> {
    const { pool, log, clock, random, logger } = this.#options;
    const { connection } = seat;
    const client = new ConnectionClient({
      connector: connection.connector,
      settings: connection.settings,
      privateAddresses: connection.allowsPrivateAddresses,
      clock,
    });
    const reader = new Reader({
      pool,
      log,
      clock,
      random,
      logger: logger.child({ connection: connection.name }),
      connection,
      client,
      key,
      lease,
      giveUp: this.#giveUp.signal,
      onSuspended: (fault) => this.#markSuspended(connection, fault),
    });
    seat.reader = reader;
    const renewing = new AbortController();
    const renewal = this.#renew(lease, key, reader, renewing.signal);
    try {
      if (signal.aborted) reader.stop();
      await reader.run();
    } finally {
      seat.reader = undefined;
      renewing.abort();
      await renewal;
      await client.close();
      await releaseLease(pool, key, lease.epoch);
    }
  }

  async #renew(lease: Lease, key: CursorKey, reader: Reader, signal: AbortSignal): Promise<void> {
    const { pool, clock, logger } = this.#options;
    let heldUntilMs = clock.now() + LEASE_MS;
    while (!signal.aborted) {
      await clock.sleep(RENEW_EVERY_MS, signal);
      if (signal.aborted) return;
      const askedAtMs = clock.now();
      try {
        if (await renewLease(pool, key, lease.epoch, LEASE_MS)) heldUntilMs = askedAtMs + LEASE_MS;
        else reader.stop();
      } catch (error) {
        logger.warn({ err: error, connection: key.connection }, 'delivery.renew_failed');
      }
      // Writes are fenced, but calls are not: another worker may send for the same keys from now on.
      if (clock.now() >= heldUntilMs) reader.stop();
    }
  }

  async #markSuspended(connection: Connection, fault: Fault): Promise<void> {
    try {
      await suspendConnection(
        this.#options.pool,
        connection.workspaceId,
        connection.name,
        storableFault(fault),
      );
    } catch (error) {
      // The reader stands still all the same; after a restart the vendor's next refusal marks it again.
      this.#options.logger.error({ err: error, connection: connection.name }, 'delivery.suspend_failed');
    }
  }
}
