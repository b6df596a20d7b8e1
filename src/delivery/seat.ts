/** One shard that this worker reads: from the lease that it took until it has given it back. */
import type { Connection } from '../flows/workspace.ts';
import type { ChangedRecord } from '../kit/index.ts';
import { releaseLease } from '../store/queries/cursors.ts';
import type { Lease } from '../store/queries/cursors.ts';
import { Reader } from './reader.ts';
import type { ReaderState } from './reader.ts';
import type { ReaderParts } from './reader-parts.ts';

export interface SeatSignals {
  /** Others may take the shard now. */
  readonly onFreed: () => void;
  /** The reader needs its client no longer. */
  readonly closeClient: () => Promise<void>;
}

export class Seat {
  readonly connection: Connection;
  readonly lease: Lease;
  /** Resolves when nothing of it is left. */
  readonly ended: Promise<void>;
  readonly #parts: ReaderParts;
  readonly #reader: Reader;
  #isLeaving = false;

  constructor(parts: ReaderParts, signals: SeatSignals) {
    this.connection = parts.connection;
    this.lease = parts.lease;
    this.#parts = parts;
    this.#reader = new Reader(parts);
    this.ended = this.#occupy(signals);
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

  /** Somebody else changed a record at the vendor, or any of them. */
  forget(record: ChangedRecord | undefined): void {
    this.#reader.forget(record);
  }

  /** A command may have parked something, or a suspension may have been set or lifted: the reader looks when its own writing allows. */
  async refresh(isSuspended: boolean): Promise<void> {
    try {
      await this.#reader.refresh(isSuspended);
    } catch (error) {
      this.#parts.logger.error({ err: error }, 'delivery.refresh_failed');
    }
  }

  /** Lets what is in flight finish, writes what is known, and frees the shard. */
  leave(): void {
    this.#isLeaving = true;
    this.#reader.stop();
  }

  async #occupy({ onFreed, closeClient }: SeatSignals): Promise<void> {
    const { pool, logger, lease } = this.#parts;
    try {
      await this.#reader.run();
      await releaseLease(pool, lease);
    } catch (error) {
      // The lease ends with this worker's own, or is taken up again by it.
      logger.error({ err: error }, 'delivery.seat_failed');
    }
    onFreed();
    try {
      await closeClient();
    } catch (error) {
      logger.warn({ err: error }, 'delivery.close_failed');
    }
  }
}
