/**
 * What a reader has seen of its vendor: whether it answers at all, and whether it takes anything from this connection.
 * Says so when either changes, to whoever measures and as an event of the log.
 */
import type { Fault } from '../kernel/outcome.ts';
import { Breaker } from './breaker.ts';
import { announce } from './connection-events.ts';
import { LongFailure } from './long-failure.ts';
import { concerning } from './observer.ts';
import type { ReaderParts } from './reader-parts.ts';
import type { BatchRun } from './run-batch.ts';

export class VendorWatch {
  readonly breaker: Breaker;
  readonly #parts: ReaderParts;
  readonly #longFailure: LongFailure;
  #isSuspended: boolean;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.breaker = new Breaker(parts.random);
    this.#longFailure = new LongFailure(parts);
    this.#isSuspended = parts.connection.suspended !== null;
  }

  /** True while a human must act, and nothing is sent. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** Another shard found that a human must act, and has told so. */
  hold(): void {
    this.#isSuspended = true;
  }

  /** A human, or a changed credential, lifted the suspension. The first shard tells for all. */
  async resume(): Promise<void> {
    if (!this.#isSuspended) return;
    this.#isSuspended = false;
    if (this.#parts.key.shard !== 0) return;
    this.#parts.observer.resumed(concerning(this.#parts.connection));
    await announce(this.#parts, 'resumed');
  }

  /** A run is over. */
  async saw(run: BatchRun): Promise<void> {
    await this.#watchOutage(run);
    const suspension = run.outcomes.find((outcome) => outcome.kind === 'suspended');
    const fault = suspension?.fault ?? (await this.#longFailureOf(run));
    if (fault !== undefined) await this.#suspend(fault);
  }

  async #watchOutage({ isOutage, outcomes, exchanges }: BatchRun): Promise<void> {
    const { clock, connection, observer } = this.#parts;
    const wasOpen = this.breaker.isOpen;
    if (isOutage) this.breaker.failed(clock.now());
    // A run without a call says nothing about the vendor.
    else if (exchanges.length > 0) this.breaker.succeeded();
    if (this.breaker.isOpen === wasOpen) return;
    const fault = outcomes.flatMap((outcome) => ('fault' in outcome ? [outcome.fault] : []))[0];
    const state = wasOpen ? 'closed' : 'open';
    observer.breaker({
      ...concerning(connection),
      state,
      ...(state === 'open' && fault !== undefined ? { fault } : {}),
    });
    await announce(this.#parts, state === 'open' ? 'vendor down' : 'vendor back', fault);
  }

  async #longFailureOf(run: BatchRun): Promise<Fault | undefined> {
    try {
      return await this.#longFailure.watch(run);
    } catch (error) {
      // Days are counted: the next failure asks again.
      this.#parts.logger.error({ err: error }, 'delivery.read_failed');
      return undefined;
    }
  }

  async #suspend(fault: Fault): Promise<void> {
    if (this.#isSuspended) return;
    this.#isSuspended = true;
    const { connection, observer, onSuspended } = this.#parts;
    const isNews = await onSuspended(fault);
    if (!isNews) return;
    observer.suspended({ ...concerning(connection), fault });
    await announce(this.#parts, 'suspended', fault);
  }
}
