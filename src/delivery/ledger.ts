/**
 * Keeps a reader's books: which events are finished, which inputs are parked and why, and what of it is on
 * disk. Works go in with their outcomes; the queue, the parked keys, the watermark and the recorder are kept
 * in step here and nowhere else.
 */
import type { Fault, Outcome } from '../kernel/outcome.ts';
import type { Flow } from '../flows/workspace.ts';
import type { ReadEvent } from '../log/index.ts';
import type { Progress } from '../store/queries/cursors.ts';
import type { SentOnceRow } from '../store/queries/sent-once.ts';
import { attemptItems } from './attempt-record.ts';
import { Inherited } from './inherited.ts';
import { concerning } from './observer.ts';
import { ParkedKeys } from './parked-keys.ts';
import { deadLetterRow, parkedRow } from './parked-work.ts';
import type { ReaderParts } from './reader-parts.ts';
import { Recorder } from './recorder.ts';
import type { Replaying } from './replaying.ts';
import type { BatchRun } from './run-batch.ts';
import { settle } from './settle.ts';
import type { Settlement } from './settle.ts';
import type { TakenIn } from './take-in.ts';
import { byFlow, isUnmapped } from './unsent.ts';
import type { Unsent } from './unsent.ts';
import { tellUnsent, unsentEntry } from './unsent-record.ts';
import { Watermark } from './watermark.ts';
import type { WorkQueue } from './work-queue.ts';
import type { Fate, Lane, Part, Work } from './work.ts';

export interface LedgerSignals {
  /** Something was written: there may be room for more. */
  readonly onRecorded: () => void;
  /** Another worker owns the reader now. */
  readonly onLeaseLost: () => void;
  /** Parts leave the queue for good, for the first time: those that come back from the parked are not told again. */
  readonly onPassed: (fate: Fate, parts: readonly Part[]) => void;
}

// Written with every move of the cursor, 32 bytes each. Batches finish nearly in order, so there are few; events that
// do not fit would come again after a crash.
const DONE_STRETCHES_MAX = 32;

export class Ledger {
  readonly #parts: ReaderParts;
  readonly #queue: WorkQueue;
  readonly #parked: ParkedKeys;
  readonly #watermark: Watermark;
  readonly #inherited: Inherited;
  readonly #recorder: Recorder;
  readonly #replaying: Replaying;
  readonly #onPassed: LedgerSignals['onPassed'];
  #isClosing = false;

  constructor(parts: ReaderParts, queue: WorkQueue, replaying: Replaying, signals: LedgerSignals) {
    this.#parts = parts;
    this.#queue = queue;
    this.#replaying = replaying;
    this.#onPassed = signals.onPassed;
    this.#watermark = new Watermark(parts.lease.position);
    this.#inherited = new Inherited(parts.lease.done);
    this.#parked = new ParkedKeys(parts, queue, () => this.#recorder.idle());
    this.#recorder = new Recorder({
      pool: parts.pool,
      clock: parts.clock,
      key: parts.key,
      epoch: parts.lease.epoch,
      startPosition: parts.lease.position,
      giveUp: parts.giveUp,
      replaying,
      position: () => this.#watermark.value,
      progress: () => this.#progress(),
      onError: (error) => {
        parts.logger.error({ err: error }, 'delivery.record_failed');
      },
      onLeaseLost: signals.onLeaseLost,
      onSentOnce: (rows) => {
        parts.shared.sentOnce.written(parts.key, rows);
      },
      onRecorded: (entryCount, durationMs) => {
        parts.observer.recorded({ ...concerning(parts.connection), entryCount, durationMs });
        signals.onRecorded();
      },
    });
  }

  /** The lane of what is read from the log as it comes. */
  readonly live: Lane = {
    priority: 'live',
    finish: (position) => {
      this.#watermark.finish(position);
    },
  };

  /** Events read whose fate is open. */
  get openCount(): number {
    return this.#watermark.pendingCount;
  }

  /** Characters of their bodies. */
  get openBytes(): number {
    return this.#watermark.pendingBytes;
  }

  /** Entries waiting for the disk. */
  get unwrittenCount(): number {
    return this.#recorder.pendingCount;
  }

  /** True when an earlier owner finished the event: it need only be passed. */
  isFinished(position: number, slot: number): boolean {
    return this.#inherited.has(position, slot);
  }

  /** Takes in an event just read, with its works; what of it is unsent, `recordUnsent` is told in the same breath. */
  admit({ position, size }: Pick<ReadEvent, 'position' | 'size'>, { works, unsent }: TakenIn): void {
    // A dead letter is written once, so its event counts as finished only when it is in the books.
    const openCount = works.length + unsent.filter(isUnmapped).length;
    this.#watermark.read(position, openCount, works.length === 0 ? 0 : size);
    this.enqueue(works);
  }

  /** Gives works to the queue; those of a parked key queue up behind it. */
  enqueue(works: readonly Work[]): void {
    for (const work of works) {
      if (this.#parked.has(work.key)) this.#park(work, work.parts, undefined, null);
      else this.#queue.add(work);
    }
  }

  /** Puts events on record that were read and made no input. */
  recordUnsent(unsent: readonly Unsent[]): void {
    const { clock, connection, observer } = this.#parts;
    for (const [flow, items] of byFlow(unsent)) {
      tellUnsent(observer, concerning(connection), flow, items);
      this.#recorder.record(unsentEntry(flow, items, clock.now()));
      this.#pass(
        items.filter(isUnmapped).map(({ part }) => part),
        'dead',
      );
    }
  }

  /** Starts writing, also when only the cursor has moved. */
  flush(): void {
    this.#recorder.flush();
  }

  /** Resolves when all is written, or never will be by this reader; nothing that is finished is left out. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#parkBegun();
    await this.#recorder.close();
  }

  /** Puts a run on record and gives each of its works what its outcome means. */
  settle(flow: Flow, run: BatchRun): void {
    const settled = run.works.map((work, index) => ({ work, outcome: outcomeAt(run, index) }));
    this.#tell(flow, run);
    this.#recorder.record({
      run: {
        flow: flow.name,
        action: flow.preset.action.id,
        startedAtMs: run.startedAtMs,
        durationMs: run.durationMs,
        items: settled.flatMap(({ work, outcome }) => attemptItems(work, outcome)),
        exchanges: run.exchanges,
      },
      sentOnce: this.#noteSent(flow, run),
    });
    for (const { work, outcome } of settled) {
      const { clock, random, connection } = this.#parts;
      const settlement = settle(work, outcome, { clock, random, schedule: connection.delivery.retry });
      if (settlement.kind === 'requeued') {
        this.#putBack(settlement.works);
      } else {
        this.#queue.finish(work);
        if (settlement.kind === 'finished') {
          this.#leave(work, work.parts, outcome.kind === 'skipped' ? 'skipped' : 'delivered');
        } else this.#fail(work, settlement, run);
      }
    }
    this.#recorder.flush();
  }

  /** What was in flight for a replay when it was paused comes again when that goes on, as what waited then. */
  #putBack(works: readonly Work[]): void {
    const hasLeft = (part: Part): boolean => this.#replaying.hasLeft(part);
    this.#queue.putBack(works);
    if (works.some(({ parts }) => parts.some(hasLeft))) this.#queue.remove(hasLeft);
  }

  /** The keys of what was delivered and may be sent only once: known from here on, and soon on disk. */
  #noteSent(flow: Flow, { onceKeys = [], outcomes, startedAtMs }: BatchRun): readonly SentOnceRow[] {
    const sentAt = new Date(startedAtMs).toISOString();
    const rows = onceKeys
      .filter((_, index) => outcomes[index]?.kind === 'delivered')
      .map((key) => ({ action: flow.preset.action.id, key, sentAt }));
    this.#parts.shared.sentOnce.add(this.#parts.key, rows);
    return rows;
  }

  /** Milliseconds until a parked key is due; `undefined` when none waits. */
  nextDueMs(): number | undefined {
    return this.#parked.nextDueMs();
  }

  /** Brings parked inputs whose time has come back to the queue. */
  unpark(): Promise<void> {
    return this.#parked.unpark();
  }

  /** Takes in what stands in the store: at the start, and after a command parked something. */
  loadParked(): Promise<void> {
    return this.#parked.load();
  }

  #fail(
    work: Work,
    { parked, dead, dueAtMs, fault }: Extract<Settlement, { kind: 'failed' }>,
    run: BatchRun,
  ): void {
    const { connection, observer } = this.#parts;
    observer.failed({ ...concerning(connection), flow: work.flow.name, parked, dead, fault, dueAtMs });
    if (dead.length > 0) {
      const lastExchange = run.exchanges.at(-1);
      this.#recorder.record({ dead: dead.map((part) => deadLetterRow(part, work, fault, lastExchange)) });
      this.#leave(work, dead, 'dead');
    }
    if (parked.length === 0) return;
    // Whatever else of the key waits must not overtake what is parked.
    const followers = this.#queue.drain(work.key);
    this.#park(work, parked, dueAtMs, fault);
    for (const follower of followers) this.#park(follower, follower.parts, undefined, null);
  }

  /** Parks parts of a work; `dueAtMs` is given for the head of the key. */
  #park(work: Work, parts: readonly Part[], dueAtMs: number | undefined, fault: Fault | null): void {
    // Followers that have rows keep them as they are.
    if (work.isParked && dueAtMs === undefined) return;
    const action = work.flow.preset.action.id;
    this.#parked.park(action, work.key, work.isParked ? 0 : parts.length, dueAtMs);
    this.#recorder.record({
      parked: parts.map((part, index) => parkedRow(part, work, index === 0 ? dueAtMs : undefined, fault)),
    });
    if (!work.isParked) this.#pass(parts, 'parked');
  }

  /** Parts are through for good: their rows go, or the cursor may pass them. */
  #leave(work: Work, parts: readonly Part[], fate: Fate): void {
    if (!work.isParked) {
      this.#pass(parts, fate);
      return;
    }
    this.#recorder.record({ unparked: parts.map(({ position }) => ({ position, flow: work.flow.name })) });
    this.#parked.leave(work.key, parts.length);
  }

  #tell(flow: Flow, { works, outcomes, exchanges, durationMs }: BatchRun): void {
    const { clock, connection, observer } = this.#parts;
    observer.runSettled({
      ...concerning(connection),
      flow: flow.name,
      action: flow.preset.action.id,
      priority: works[0]?.priority ?? 'live',
      works,
      outcomes,
      exchanges,
      durationMs,
      endedAtMs: clock.now(),
    });
  }

  /**
   * Parks what waits of events that are finished in part: such an event cannot be passed over, and read again it would
   * be sent twice. Parking a key takes in works of other events, which are then finished in part too.
   */
  #parkBegun(): void {
    for (;;) {
      const key = this.#queue.findKey(
        ({ lane, position }) => lane === this.live && this.#watermark.isBegun(position),
      );
      if (key === undefined) return;
      for (const work of this.#queue.drain(key)) this.#park(work, work.parts, undefined, null);
    }
  }

  #progress(): Progress {
    const { from: slotFrom, to: slotTo } = this.#parts.key.slots;
    const position = this.#watermark.value;
    const own = this.#watermark.doneBeyond(this.#isClosing ? Infinity : DONE_STRETCHES_MAX);
    const done = own.map((stretch) => ({ slotFrom, slotTo, ...stretch }));
    return { position, done: [...this.#inherited.beyond(position), ...done] };
  }

  #pass(parts: readonly Part[], fate: Fate): void {
    for (const { lane, position } of parts) lane.finish(position);
    if (parts.some(({ lane }) => lane !== this.live)) this.#onPassed(fate, parts);
  }
}

function outcomeAt(run: BatchRun, index: number): Outcome {
  const outcome = run.outcomes[index];
  if (outcome === undefined) throw new RangeError('A run has fewer outcomes than works.');
  return outcome;
}
