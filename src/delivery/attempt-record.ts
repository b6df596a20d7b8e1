/** The record of one run of an action, in the form that is stored and shown. Pure. */
import type { Outcome } from '../kernel/outcome.ts';
import type { Exchange } from '../outbound/index.ts';
import type { AttemptRow, StoredAttempt } from '../store/queries/attempts.ts';
import type { Work } from './work.ts';

/** One event's part in an attempt. */
export interface AttemptItem {
  readonly position: number;
  readonly eventId: string;
  readonly attempt: number;
  readonly outcome: Outcome['kind'];
  /** The reason of a skip or deferral, or the fault of a failure. */
  readonly reason?: string;
  readonly code?: string;
  readonly remoteId?: string;
  readonly notes?: readonly string[];
  /** The position whose input this one was merged into, when it travelled with an older one of its key. */
  readonly mergedInto?: number;
  /** Ids of the events whose inputs and this one's were sent as one; told by stories, and not stored. */
  readonly mergedWith?: readonly string[];
  /** The place of this item's own exchange among those of the row; all of them are its when absent. */
  readonly exchange?: number;
}

export interface Run {
  readonly flow: string;
  readonly action: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly items: readonly AttemptItem[];
  readonly exchanges: readonly Exchange[];
}

/**
 * No row spans this many positions: so the attempts of one event are found by looking at a bounded stretch
 * of the index. Inputs that were parked lie far apart, and their run is split over several rows.
 */
export const ATTEMPT_SPAN_MAX = 50_000;

/** The items of a work: one per event, merged ones included. */
export function attemptItems(work: Pick<Work, 'parts'>, outcome: Outcome): readonly AttemptItem[] {
  const [first] = work.parts;
  return work.parts.map((part) => {
    const notes = [...part.notes, ...(outcome.kind === 'delivered' ? (outcome.notes ?? []) : [])];
    return {
      position: part.position,
      eventId: part.eventId,
      attempt: part.attempts + 1,
      outcome: outcome.kind,
      ...explain(outcome),
      ...(notes.length === 0 ? {} : { notes }),
      ...(part === first ? {} : { mergedInto: first.position }),
    };
  });
}

function explain(outcome: Outcome): Pick<AttemptItem, 'reason' | 'code' | 'remoteId'> {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.remoteId === undefined ? {} : { remoteId: outcome.remoteId };
    case 'skipped':
    case 'deferred':
      return { reason: outcome.reason };
    case 'retry':
    case 'rejected':
    case 'suspended':
      return { reason: outcome.fault.message, code: outcome.fault.code };
  }
}

/** A row read back: its texts parsed. */
export interface Attempt extends Omit<StoredAttempt, 'items' | 'exchanges'> {
  readonly items: readonly AttemptItem[];
  readonly exchanges: readonly Exchange[];
}

export function parseAttempt({ items, exchanges, ...attempt }: StoredAttempt): Attempt {
  return {
    ...attempt,
    items: JSON.parse(items) as readonly AttemptItem[], // Written by toAttemptRows only.
    exchanges: JSON.parse(exchanges) as readonly Exchange[],
  };
}

// Runs that share a row: each of them is read back with all of it, at some kilobytes.
const GATHERED_MAX = 50;

/**
 * Runs of one input each, written together, as few runs of many: actions that go one by one settle thousands a second,
 * and a row for each costs three times the write-ahead log of the run itself.
 */
export function gatherRuns(runs: readonly Run[]): readonly Run[] {
  const single = runs.filter(isSingle).sort((a, b) => positionOf(a) - positionOf(b));
  const gathered: Run[] = runs.filter((run) => !isSingle(run));
  const open = new Map<string, Run[]>();
  const close = (group: readonly Run[]): void => {
    gathered.push(...(group.length > 1 ? [together(group)] : group));
  };
  for (const run of single) {
    const name = JSON.stringify([run.flow, run.action]);
    const group = open.get(name);
    const [first] = group ?? [];
    const isFull = group !== undefined && group.length === GATHERED_MAX;
    if (
      group === undefined ||
      first === undefined ||
      isFull ||
      positionOf(run) - positionOf(first) >= ATTEMPT_SPAN_MAX
    ) {
      if (group !== undefined) close(group);
      open.set(name, [run]);
    } else {
      group.push(run);
    }
  }
  for (const group of open.values()) close(group);
  return gathered;
}

function isSingle({ items, exchanges }: Run): boolean {
  return items.length === 1 && exchanges.length <= 1;
}

function positionOf({ items }: Run): number {
  return items[0]?.position ?? 0;
}

function together(runs: readonly Run[]): Run {
  const exchanges: Exchange[] = [];
  const items = runs.flatMap((run) => {
    const place = exchanges.length;
    exchanges.push(...run.exchanges);
    // Without an exchange of its own it points at none.
    return run.items.map((item) => ({ ...item, exchange: run.exchanges.length === 0 ? -1 : place }));
  });
  const { flow, action } = runs[0] as Run; // A group has a first.
  const startedAtMs = Math.min(...runs.map((run) => run.startedAtMs));
  const durationMs = Math.max(...runs.map((run) => run.durationMs));
  return { flow, action, startedAtMs, durationMs, items, exchanges };
}

/** The rows of a run, each spanning fewer than `ATTEMPT_SPAN_MAX` positions. */
export function toAttemptRows(run: Run): readonly AttemptRow[] {
  const items = [...run.items].sort((a, b) => a.position - b.position);
  const rows: AttemptRow[] = [];
  for (let from = 0; from < items.length;) {
    // `from` is within the array, so there is a first item.
    const first = (items[from] as AttemptItem).position;
    const end = items.findIndex((item, index) => index > from && item.position - first >= ATTEMPT_SPAN_MAX);
    const slice = items.slice(from, end === -1 ? items.length : end);
    rows.push(toRow(run, slice, first));
    from += slice.length;
  }
  return rows;
}

function toRow(run: Run, items: readonly AttemptItem[], firstPosition: number): AttemptRow {
  const count = (...kinds: readonly Outcome['kind'][]): number =>
    items.filter((item) => kinds.includes(item.outcome)).length;
  return {
    flow: run.flow,
    action: run.action,
    startedAt: new Date(run.startedAtMs).toISOString(),
    durationMs: run.durationMs,
    firstPosition,
    lastPosition: items.at(-1)?.position ?? firstPosition,
    deliveredCount: count('delivered'),
    skippedCount: count('skipped'),
    retryCount: count('retry', 'deferred', 'suspended'),
    rejectedCount: count('rejected'),
    items: JSON.stringify(items),
    exchanges: JSON.stringify(run.exchanges),
  };
}
