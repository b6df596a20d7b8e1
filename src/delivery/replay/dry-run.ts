/** What a replay would do, without doing it: counts, the first inputs, and what would be left out and why. */
import type { Pool } from 'pg';
import type { Position } from '../../kernel/event.ts';
import type { Connection } from '../../flows/workspace.ts';
import { SLOT_COUNT } from '../../log/index.ts';
import { Inherited } from '../inherited.ts';
import { asOfNow, inputId, isMerging } from './as-of-now.ts';
import { findLater } from './later-events.ts';
import type { ReplayFilter } from './replay-filter.ts';
import { readPage } from './replay-page.ts';
import type { Page, PageInput } from './replay-page.ts';
import { findReplayRange } from './replay-range.ts';
import { TOO_MUCH_CAME_LATER } from './replay-works.ts';

export interface DryRun {
  /** Events looked at. */
  readonly eventCount: number;
  /** Those that match and that a flow wants. */
  readonly inputCount: number;
  readonly skippedCount: number;
  /** Inputs that could not be made: a mapping failed. */
  readonly failedCount: number;
  /** Why inputs would be skipped or fail, most frequent first. */
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  /** The first inputs as they would be sent. */
  readonly samples: readonly ReplaySample[];
}

export interface ReplaySample {
  readonly eventId: string;
  readonly flow: string;
  readonly input: unknown;
}

const PAGE_EVENTS_MAX = 500;
const SAMPLES_MAX = 3;

// A mapping may put values of the event into its reason: then there are as many as events.
const REASONS_MAX = 20;
const REASONS_KEPT_MAX = 1_000;

/** `onPage` hears how many events were looked at, for those who wait. */
export async function dryRun(
  pool: Pool,
  connection: Connection,
  filter: ReplayFilter,
  onPage: (eventCount: number) => void = () => undefined,
): Promise<DryRun> {
  const { fromPosition, toPosition } = await findReplayRange(pool, connection, filter);
  const counts = { eventCount: 0, inputCount: 0, skippedCount: 0, failedCount: 0 };
  const reasons = new Map<string, number>();
  const samples: ReplaySample[] = [];
  for (let after = fromPosition; after < toPosition;) {
    const page = await readPage(pool, {
      connection,
      filter,
      slots: { from: 0, to: SLOT_COUNT },
      after,
      upTo: toPosition,
      limit: PAGE_EVENTS_MAX,
    });
    after = page.lookedTo;
    tally(page, counts, reasons);
    const shown = page.inputs.slice(0, SAMPLES_MAX - samples.length);
    if (shown.length > 0) samples.push(...(await toSamples(pool, connection, shown, toPosition)));
    onPage(counts.eventCount);
  }
  const byCount = [...reasons]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count);
  return { ...counts, reasons: byCount.slice(0, REASONS_MAX), samples };
}

type Counts = Record<'eventCount' | 'inputCount' | 'skippedCount' | 'failedCount', number>;

function tally({ inputs, unsent, lookedCount }: Page, counts: Counts, reasons: Map<string, number>): void {
  counts.eventCount += lookedCount;
  counts.inputCount += inputs.length + unsent.length;
  for (const { outcome } of unsent) {
    counts[outcome.kind === 'skipped' ? 'skippedCount' : 'failedCount'] += 1;
    const reason = outcome.kind === 'skipped' ? outcome.reason : outcome.fault.message;
    if (reasons.has(reason) || reasons.size < REASONS_KEPT_MAX)
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
}

async function toSamples(
  pool: Pool,
  connection: Connection,
  inputs: readonly PageInput[],
  upTo: Position,
): Promise<readonly ReplaySample[]> {
  const merging = inputs.filter(({ flow }) => isMerging(flow));
  const live = { position: upTo, done: new Inherited([]), doneTo: 0 };
  const later = merging.length === 0 ? undefined : await findLater(pool, connection, merging, live);
  const now = later === undefined ? undefined : asOfNow(merging, later, connection);
  return inputs.map(({ event, flow, input }) => {
    const sent = now?.get(inputId(flow, event.position));
    const asItWas =
      merging.length > 0 && isMerging(flow) && later === undefined ? TOO_MUCH_CAME_LATER : input;
    return {
      eventId: event.id,
      flow: flow.name,
      input: sent !== undefined && 'input' in sent ? sent.input : asItWas,
    };
  });
}
