/**
 * Writes what a reader did: attempts, parked inputs, dead letters and the cursor, in one transaction, so that
 * the cursor never passes an event whose fate is not on record. Everything that piles up while one
 * transaction is under way, and for a moment after it, goes into the next: a busy reader writes few, large ones.
 *
 * Every transaction begins by moving the cursor under the owner's epoch; when another worker has taken the
 * reader over, that moves nothing and the whole transaction is given up.
 */
import type { Pool } from 'pg';
import type { Clock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import type { Position } from '../kernel/event.ts';
import { insertAttempts } from '../store/queries/attempts.ts';
import { moveCursor } from '../store/queries/cursors.ts';
import type { CursorKey, Progress } from '../store/queries/cursors.ts';
import { insertDeadLetters } from '../store/queries/dead-letters.ts';
import type { DeadLetterRow } from '../store/queries/dead-letters.ts';
import { deleteParked, upsertParked } from '../store/queries/parked.ts';
import type { ParkedId, ParkedRow } from '../store/queries/parked.ts';
import { saveReplayProgress } from '../store/queries/replay-cursors.ts';
import type { ReplayProgressRow } from '../store/queries/replay-cursors.ts';
import { insertSentOnce } from '../store/queries/sent-once.ts';
import type { SentOnceRow } from '../store/queries/sent-once.ts';
import { ensurePartitions, isPartitionMissing } from '../store/partitions.ts';
import { withTransaction } from '../store/transaction.ts';
import { gatherRuns, toAttemptRows } from './attempt-record.ts';
import type { Run } from './attempt-record.ts';
import type { Replaying } from './replaying.ts';

/** What one step of a reader leaves to be written. */
export interface Entry {
  readonly run?: Run;
  readonly parked?: readonly ParkedRow[];
  readonly unparked?: readonly ParkedId[];
  readonly dead?: readonly DeadLetterRow[];
  readonly sentOnce?: readonly SentOnceRow[];
}

export interface RecorderOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly key: CursorKey;
  readonly epoch: number;
  readonly startPosition: Position;
  /** Once aborted, a transaction that fails is not tried again: the next reader repeats from the cursor. */
  readonly giveUp: AbortSignal;
  /** What the reader does of replays: written along. */
  readonly replaying?: Pick<Replaying, 'isUnsaved' | 'progress' | 'saved'>;
  /** The reader's low watermark at this moment; `progress` adds what is finished beyond it. */
  readonly position: () => Position;
  readonly progress: () => Progress;
  /** A transaction failed and will be tried again. */
  readonly onError: (error: unknown) => void;
  /** Another worker owns the reader; nothing more will be written. */
  readonly onLeaseLost: () => void;
  /** Keys of what may be sent only once are on disk. */
  readonly onSentOnce?: (rows: readonly SentOnceRow[]) => void;
  /** Called after each transaction that was committed. */
  readonly onRecorded: (entryCount: number, durationMs: number) => void;
}

// While PostgreSQL is away the reader stands still; this is how often it knocks.
const RETRY_MS = 500;

// A transaction costs the same for one entry as for a hundred, so they start at least this far apart; the first after a
// pause goes at once. Four workers that deliver one by one: 2,990 deliveries/s and 720 bytes of write-ahead log each
// without it, 4,700 and 160 with it (2 cores, 2026-11). What it adds to what a crash repeats is 25 ms of answers.
const GATHER_MS = 25;

export class Recorder {
  readonly #options: RecorderOptions;
  #entries: Entry[] = [];
  #savedPosition: Position;
  #running: Promise<void> | null = null;
  #isClosed = false;
  #startedAtMs = Number.NEGATIVE_INFINITY;
  #gathering: AbortController | undefined;
  #isHurried = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#savedPosition = options.startPosition;
  }

  /** Entries that are not on disk yet: the reader reads no further while there are too many. */
  get pendingCount(): number {
    return this.#entries.length;
  }

  /** The cursor as it stands in the store. */
  get savedPosition(): Position {
    return this.#savedPosition;
  }

  record(entry: Entry): void {
    this.#entries.push(entry);
    this.flush();
  }

  /** Starts writing whatever there is; also a cursor that moved over events no flow wanted. */
  flush(): void {
    if (this.#hasWork()) this.#running ??= this.#run();
  }

  /** Resolves when everything recorded so far is on disk, or never will be. */
  async idle(): Promise<void> {
    this.flush();
    this.#isHurried = true;
    this.#gathering?.abort('hurried');
    while (this.#running !== null) await this.#running;
    this.#isHurried = false;
  }

  /** Writes what is left, and all that is finished beyond the cursor; nothing is taken after it. */
  async close(): Promise<void> {
    await this.idle();
    const progress = this.#options.progress();
    if (!this.#isClosed && progress.done.length > 0) await this.#write([], progress, []);
    this.#isClosed = true;
  }

  #hasWork(): boolean {
    if (this.#isClosed) return false;
    if (this.#entries.length > 0 || this.#options.position() > this.#savedPosition) return true;
    return this.#options.replaying?.isUnsaved === true;
  }

  async #run(): Promise<void> {
    // What one step of the reader leaves in several calls goes into one transaction.
    await Promise.resolve();
    while (this.#hasWork()) {
      await this.#gather();
      const entries = this.#entries;
      this.#entries = [];
      // Taken together with the entries: all that finished so far is among them or written already.
      const progress = this.#options.progress();
      const replayed = this.#options.replaying?.progress() ?? [];
      await this.#write(entries, progress, replayed);
    }
    // In the same breath as the last look for work, so that nothing recorded is left without a writer.
    this.#running = null;
  }

  /** Lets entries come together, unless somebody waits for them to be on disk. */
  async #gather(): Promise<void> {
    const { clock } = this.#options;
    const waitMs = this.#startedAtMs + GATHER_MS - clock.now();
    if (waitMs > 0 && !this.#isHurried) {
      this.#gathering = new AbortController();
      await clock.sleep(waitMs, this.#gathering.signal);
      this.#gathering = undefined;
    }
    this.#startedAtMs = clock.now();
  }

  async #write(
    entries: readonly Entry[],
    progress: Progress,
    replayed: readonly ReplayProgressRow[],
  ): Promise<void> {
    const startedAtMs = this.#options.clock.now();
    for (;;) {
      try {
        await this.#commit(entries, progress, replayed);
        this.#options.replaying?.saved(replayed);
        this.#savedPosition = progress.position;
        this.#options.onSentOnce?.(entries.flatMap(({ sentOnce = [] }) => sentOnce));
        this.#options.onRecorded(entries.length, this.#options.clock.now() - startedAtMs);
        return;
      } catch (error) {
        if (error instanceof LinchpinError && error.code === 'store.lease_lost') {
          this.#isClosed = true;
          this.#options.onLeaseLost();
          return;
        }
        this.#options.onError(error);
        if (this.#options.giveUp.aborted) {
          this.#isClosed = true;
          return;
        }
        await this.#prepareRetry(error);
      }
    }
  }

  async #prepareRetry(error: unknown): Promise<void> {
    const { pool, clock, giveUp } = this.#options;
    if (isPartitionMissing(error)) {
      try {
        await ensurePartitions(pool, clock.now());
        return;
      } catch (cause) {
        this.#options.onError(cause);
      }
    }
    await clock.sleep(RETRY_MS, giveUp);
  }

  #commit(
    entries: readonly Entry[],
    progress: Progress,
    replayed: readonly ReplayProgressRow[],
  ): Promise<void> {
    const { pool, key, epoch } = this.#options;
    const runs = gatherRuns(entries.flatMap(({ run = [] }) => run));
    const attempts = runs.flatMap((run) => toAttemptRows(run));
    const parked = latestOfEach(entries.flatMap((entry) => entry.parked ?? []));
    const unparked = entries.flatMap((entry) => entry.unparked ?? []);
    const dead = entries.flatMap((entry) => entry.dead ?? []);
    const sentOnce = entries.flatMap((entry) => entry.sentOnce ?? []);
    return withTransaction(pool, async (tx) => {
      if (!(await moveCursor(tx, key, epoch, progress))) {
        throw new LinchpinError('store.lease_lost', {
          message: `Another worker reads for ${key.connection} now.`,
        });
      }
      if (sentOnce.length > 0) await insertSentOnce(tx, key.workspaceId, key.connection, sentOnce);
      if (attempts.length > 0) await insertAttempts(tx, key.workspaceId, key.connection, attempts);
      if (unparked.length > 0) await deleteParked(tx, key, unparked);
      if (parked.length > 0) await upsertParked(tx, key, parked);
      if (dead.length > 0) await insertDeadLetters(tx, key, dead);
      if (replayed.length > 0) await saveReplayProgress(tx, replayed);
    });
  }
}

/** The last row of each parked input: one statement may not touch a row twice. */
function latestOfEach(rows: readonly ParkedRow[]): readonly ParkedRow[] {
  return [...new Map(rows.map((row) => [`${String(row.position)} ${row.flow}`, row])).values()];
}
