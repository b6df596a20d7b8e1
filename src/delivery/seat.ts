/** One shard that this worker reads: from the lease that it took until it has given it back. */
import type { Connection } from '../flows/workspace.ts';
import { releaseLease } from '../store/queries/cursors.ts';
import type { Lease } from '../store/queries/cursors.ts';
import { Reader } from './reader.ts';
import type { ReaderState } from './reader.ts';
import type { ReaderParts } from './reader-parts.ts';

export class Seat {
  readonly connection: Connection;
  readonly lease: Lease;
  /** Resolves when the shard is free for others. */
  readonly ended: Promise<void>;
  readonly #parts: ReaderParts;
  readonly #reader: Reader;
  #isLeaving = false;

  /** `closeClient` is called when the reader needs its client no longer. */
  constructor(parts: ReaderParts, closeClient: () => Promise<void>) {
    this.connection = parts.connection;
    this.lease = parts.lease;
    this.#parts = parts;
    this.#reader = new Reader(parts);
    this.ended = this.#occupy(closeClient);
  }

  get state(): ReaderState | 'leaving' {
    return this.#isLeaving ? 'leaving' : this.#reader.state;
  }

  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** The newest event that was read. */
  get readPosition(): number {
    return this.#reader.readPosition;
  }

  wake(): void {
    this.#reader.wake();
  }

  refresh(isSuspended: boolean): Promise<void> {
    return this.#reader.refresh(isSuspended);
  }

  /** Lets what is in flight finish, writes what is known, and frees the shard. */
  leave(): void {
    this.#isLeaving = true;
    this.#reader.stop();
  }

  async #occupy(closeClient: () => Promise<void>): Promise<void> {
    const { pool, logger, lease } = this.#parts;
    try {
      await this.#reader.run();
      await closeClient();
      await releaseLease(pool, lease);
    } catch (error) {
      // The lease ends with this worker's own, or is taken up again by it.
      logger.error({ err: error }, 'delivery.seat_failed');
    }
  }
}
