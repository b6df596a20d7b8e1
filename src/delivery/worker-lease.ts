/**
 * The lease of a worker: its row in the store, renewed while the process lives, and the promise to stop sending before
 * anyone else may begin.
 *
 *   held ── renewed in time ──▶ held
 *     └── not renewed in time, or declared dead ──▶ lost: `onLost`, then a row under a new id ──▶ held
 */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../kernel/clock.ts';
import { makeId } from '../kernel/ids.ts';
import { deleteWorker, drainWorker, insertWorker, LEASE_MS, renewWorker } from '../store/queries/workers.ts';
import type { WorkerIdentity } from '../store/queries/workers.ts';

// Three times within the lease, so that one slow renewal loses nothing.
const RENEW_EVERY_MS = 2_000;

export interface WorkerLeaseOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: Omit<WorkerIdentity, 'id'>;
  /** Begins every id of this worker. */
  readonly name: string;
  /** Another worker may take everything over from now on. */
  readonly onLost: () => void;
}

export class WorkerLease {
  readonly #options: WorkerLeaseOptions;
  readonly #end = new AbortController();
  #id = '';
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: WorkerLeaseOptions) {
    this.#options = options;
  }

  /** The owner of what this worker reads, for as long as it `isHeld`. */
  get id(): string {
    return this.#id;
  }

  get isHeld(): boolean {
    return this.#options.clock.now() < this.#heldUntilMs;
  }

  /** Registers the worker, and renews until `leave`. */
  async start(): Promise<void> {
    await this.#register();
    this.#running = Promise.all([this.#renewNowAndThen(), this.#watch()]);
  }

  /** Tells the others that this worker takes nothing more. */
  async drain(): Promise<void> {
    await this.#tryTo('delivery.drain_failed', () => drainWorker(this.#options.pool, this.#id));
  }

  /** Frees whatever is still owned. */
  async leave(): Promise<void> {
    this.#end.abort();
    await this.#running;
    await this.#tryTo('delivery.leave_failed', () => deleteWorker(this.#options.pool, this.#id));
  }

  async #register(): Promise<void> {
    const { pool, clock, identity, name } = this.#options;
    const askedAtMs = clock.now();
    const id = makeId(name, askedAtMs);
    await insertWorker(pool, { ...identity, id });
    this.#id = id;
    this.#heldUntilMs = askedAtMs + LEASE_MS;
  }

  async #renewNowAndThen(): Promise<void> {
    const { pool, clock } = this.#options;
    for (;;) {
      await clock.sleep(RENEW_EVERY_MS, this.#end.signal);
      if (this.#end.signal.aborted) return;
      const askedAtMs = clock.now();
      await this.#tryTo('delivery.renew_failed', async () => {
        if (await renewWorker(pool, this.#id)) {
          this.#heldUntilMs = askedAtMs + LEASE_MS;
        } else {
          this.#lose();
          await this.#register();
        }
      });
    }
  }

  /** Apart from the renewals: one that hangs must not keep the worker sending. */
  async #watch(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#end.signal.aborted) {
      const leftMs = this.#heldUntilMs - clock.now();
      // Writes are fenced, but calls are not: another worker may send for the same keys from now on.
      if (leftMs <= 0) this.#lose();
      await clock.sleep(leftMs > 0 ? leftMs : RENEW_EVERY_MS, this.#end.signal);
    }
  }

  #lose(): void {
    if (this.#heldUntilMs === Number.NEGATIVE_INFINITY) return;
    this.#heldUntilMs = Number.NEGATIVE_INFINITY;
    this.#options.logger.warn({ worker: this.#id }, 'delivery.lease_lost');
    this.#options.onLost();
  }

  async #tryTo(failure: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#options.logger.warn({ err: error, worker: this.#id }, failure);
    }
  }
}
