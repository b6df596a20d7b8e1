/** Where the input of one event for one flow stands now, told from what is on record. Pure. */
import type { Fault } from '../kernel/outcome.ts';
import type { DeadLetter } from '../store/queries/dead-letters.ts';
import type { ParkedAt, ReaderOfSlot } from '../store/queries/standing.ts';
import type { Attempt } from './attempt-record.ts';
import type { Decision } from './explain-match.ts';

export type Standing =
  | { readonly kind: 'delivered'; readonly at: string; readonly remoteId?: string }
  | { readonly kind: 'skipped'; readonly at: string; readonly reason: string }
  /** Waits for another attempt: until `dueAt`, or behind an earlier one of its key that is due then. */
  | {
      readonly kind: 'parked';
      readonly dueAt: string | null;
      readonly isBehindAnother: boolean;
      readonly attemptCount: number;
      readonly fault: Fault | null;
    }
  | { readonly kind: 'dead'; readonly deadLetterId: number; readonly fault: Fault }
  | { readonly kind: 'discarded'; readonly deadLetterId: number; readonly reason: string | null }
  /** Refused for good, and its dead letter is gone with the flow of then; it can be replayed. */
  | { readonly kind: 'refused'; readonly at: string; readonly reason: string }
  /** The reader has not finished it: it is at `readerPosition`, `behind` positions before the event. */
  | {
      readonly kind: 'waiting';
      readonly readerPosition: number;
      readonly behind: number;
      readonly isRead: boolean;
      readonly suspended: Fault | null;
    }
  /** The flow did not want the event. */
  | { readonly kind: 'not matched' }
  /** The reader has passed the event and left nothing: the flow, or its connection, came later. */
  | { readonly kind: 'passed' };

/** What is on record of one event and one flow. */
export interface OnRecord {
  readonly position: number;
  readonly slot: number;
  /** Attempts of this flow that hold the event, oldest first. */
  readonly attempts: readonly Attempt[];
  readonly parked: ParkedAt | undefined;
  /** Oldest first. */
  readonly deadLetters: readonly DeadLetter[];
  readonly reader: ReaderOfSlot | undefined;
  readonly suspended: Fault | null;
  readonly decision: Decision['decision'] | 'not configured';
}

export function standingOf(record: OnRecord): Standing {
  const { parked, deadLetters, attempts, position, decision } = record;
  if (parked !== undefined) {
    return {
      kind: 'parked',
      dueAt: parked.dueAt ?? parked.headDueAt,
      isBehindAnother: parked.dueAt === null,
      attemptCount: parked.attemptCount,
      fault: parked.fault,
    };
  }
  const open = deadLetters.findLast(({ status }) => status === 'open');
  if (open !== undefined) return { kind: 'dead', deadLetterId: open.id, fault: open.fault };
  const last = attempts.at(-1);
  const item = last?.items.findLast((each) => each.position === position);
  if (last !== undefined && item !== undefined) {
    const at = last.startedAt;
    if (item.outcome === 'delivered') {
      return {
        kind: 'delivered',
        at,
        ...(item.remoteId === undefined ? {} : { remoteId: item.remoteId }),
      };
    }
    if (item.outcome === 'skipped') return { kind: 'skipped', at, reason: item.reason ?? '' };
    const discarded = deadLetters.findLast(({ status }) => status === 'discarded');
    if (discarded !== undefined) {
      return { kind: 'discarded', deadLetterId: discarded.id, reason: discarded.closedReason };
    }
    if (item.outcome === 'rejected' && deadLetters.length === 0) {
      return { kind: 'refused', at, reason: item.reason ?? '' };
    }
  }
  const waiting = waitingIn(record);
  // What the flow wants now decides only for events that the reader has yet to finish.
  if (waiting !== undefined && decision !== 'not matched' && decision !== 'not configured') return waiting;
  return decision === 'not matched' ? { kind: 'not matched' } : { kind: 'passed' };
}

/** Undefined once the reader is through with the event. */
function waitingIn({
  position,
  slot,
  reader,
  suspended,
  attempts,
}: OnRecord): Extract<Standing, { kind: 'waiting' }> | undefined {
  if (reader === undefined || reader.position >= position || isDone(reader, position, slot)) return undefined;
  return {
    kind: 'waiting',
    readerPosition: reader.position,
    behind: position - reader.position,
    isRead: attempts.length > 0,
    suspended,
  };
}

// Four numbers to a range: slots from and to, the latter exclusive; first and last position, both inclusive.
const RANGE_NUMBERS = 4;

function isDone({ done }: ReaderOfSlot, position: number, slot: number): boolean {
  for (let index = 0; index + RANGE_NUMBERS <= done.length; index += RANGE_NUMBERS) {
    const [slotFrom = 0, slotTo = 0, first = 0, last = -1] = done.slice(index, index + RANGE_NUMBERS);
    if (slot >= slotFrom && slot < slotTo && position >= first && position <= last) return true;
  }
  return false;
}
