/**
 * Notices that every call of a connection has failed for days, whatever the reason: where nobody looks after a receiver
 * any more, going on for ever helps nobody. The time is kept in the store, for all shards and through restarts.
 */
import type { Pool } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/outcome.ts';
import type { Connection } from '../flows/workspace.ts';
import { noteAnswered, noteFailing } from '../store/queries/suspensions.ts';
import type { BatchRun } from './run-batch.ts';

// The store is asked at most this often, or ten times in the while: what is counted in days may be a minute off.
const LOOK_MS_MAX = 60_000;
const LOOKS = 10;

// An input that fails on is tried several times a day, so that longer silences lie between inputs, not between attempts:
// nobody knows whether the receiver was well meanwhile.
const SILENCE_MS = 86_400_000;

export interface LongFailureParts {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly connection: Connection;
}

export class LongFailure {
  readonly #parts: LongFailureParts;
  readonly #lookedAtMs = { failing: Number.NEGATIVE_INFINITY, answered: Number.NEGATIVE_INFINITY };
  /** A failure was noted here: if the next success were missed, it would seem to last through days without a call. */
  #isFailing = false;

  constructor(parts: LongFailureParts) {
    this.#parts = parts;
  }

  /** The fault with which the connection is to be suspended; undefined while it may go on. */
  async watch({ outcomes, exchanges }: BatchRun): Promise<Fault | undefined> {
    const { pool, clock, connection } = this.#parts;
    const { disableAfterMs } = connection.connector.http;
    // A run without a call says nothing about the vendor.
    if (disableAfterMs === undefined || exchanges.length === 0) return undefined;
    const isTaken = outcomes.some(({ kind }) => kind === 'delivered' || kind === 'skipped');
    const kind = isTaken ? 'answered' : 'failing';
    const nowMs = clock.now();
    const isFresh = nowMs - this.#lookedAtMs[kind] < Math.min(LOOK_MS_MAX, disableAfterMs / LOOKS);
    if (isFresh && !(isTaken && this.#isFailing)) return undefined;
    this.#lookedAtMs[kind] = nowMs;
    const { workspaceId, name } = connection;
    if (isTaken) {
      await noteAnswered(pool, workspaceId, name);
      this.#isFailing = false;
      return undefined;
    }
    this.#isFailing = true;
    const failingMs = await noteFailing(pool, workspaceId, name, SILENCE_MS);
    return failingMs < disableAfterMs ? undefined : faultOf(failingMs, outcomes);
  }
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function faultOf(failingMs: number, outcomes: BatchRun['outcomes']): Fault {
  const last = outcomes.find((outcome) => 'fault' in outcome)?.fault;
  const span =
    failingMs >= DAY_MS
      ? `${String(Math.floor(failingMs / DAY_MS))} days`
      : `${String(Math.floor(failingMs / HOUR_MS))} hours`;
  const message = `Every call has failed for ${span}, so no more are made until somebody resumes the connection.`;
  return {
    code: 'delivery.failing_too_long',
    message: last === undefined ? message : `${message} The last one: ${last.message}`,
    ...(last?.status === undefined ? {} : { status: last.status }),
  };
}
