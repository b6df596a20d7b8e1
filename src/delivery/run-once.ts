/**
 * Sends a batch of an action whose inputs may be sent once only. What was delivered before is skipped, whoever had it
 * sent: this event, a repetition of it, or another flow. Of inputs with one key, in this batch or in flight elsewhere in
 * this process, one is sent; the others wait for what becomes of it, and are skipped or have their turn.
 *
 * A key becomes known in the transaction that records its delivery. A crash between the vendor's answer and that sends
 * it again, as does an answer that is lost after the vendor has taken the call; so may two workers at the same moment,
 * for which two people would have to have one key, since each person's events belong to one shard. Against these, inputs
 * carry an id by which the vendor drops repetitions, or the action looks first; a vendor that allows neither (Kilkaya)
 * counts them again.
 */
import type { Pool } from 'pg';
import type { Flow } from '../flows/workspace.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { OnceScope } from '../store/queries/sent-once.ts';
import { runBatch, STOPPED } from './run-batch.ts';
import type { BatchParts, BatchRun } from './run-batch.ts';
import { storableKey } from './sent-once.ts';
import type { SentOnce } from './sent-once.ts';
import type { Work } from './work.ts';

export interface OnceParts extends BatchParts {
  readonly pool: Pool;
  readonly sentOnce: SentOnce;
  /** The store could not be asked, and will be again. */
  readonly onStoreError: (error: unknown) => void;
}

// While PostgreSQL is away the batch waits; this is how often it knocks. As the recorder does.
const RETRY_MS = 500;

export async function* runOnce(
  flow: Flow,
  works: readonly Work[],
  parts: OnceParts,
): AsyncGenerator<BatchRun> {
  const { keys, failed } = keysOf(flow, works, parts);
  if (failed.length > 0) yield unsent(failed, () => CONNECTOR_BUG, parts);
  const free = works.filter((work) => !keys.has(work) && !failed.includes(work));
  if (free.length > 0) yield* runBatch(flow, free, parts);
  let waiting: readonly Work[] = works.filter((work) => keys.has(work));
  while (waiting.length > 0) {
    const firsts = firstOfEach(waiting, keys);
    yield* runFirsts(flow, [...firsts], keys, parts);
    waiting = waiting.filter((work) => !firsts.has(work));
  }
}

/** Sends works of different keys. */
async function* runFirsts(
  flow: Flow,
  works: readonly Work[],
  keys: ReadonlyMap<Work, string>,
  parts: OnceParts,
): AsyncGenerator<BatchRun> {
  const { workspaceId, name: connection } = parts.connection;
  const scope = { workspaceId, connection, action: flow.preset.action.id };
  const keyOf = (work: Work): string => keys.get(work) ?? '';
  const release = await parts.sentOnce.claim(scope, works.map(keyOf), parts.signal);
  if (release === undefined) {
    yield unsent(works, () => STOPPED, parts);
    return;
  }
  try {
    const sentAt = await find(scope, works.map(keyOf), parts);
    if (sentAt === undefined) {
      yield unsent(works, () => STOPPED, parts);
      return;
    }
    const known = works.filter((work) => sentAt.has(keyOf(work)));
    if (known.length > 0) yield unsent(known, (work) => sentBefore(sentAt.get(keyOf(work))), parts);
    const open = works.filter((work) => !sentAt.has(keyOf(work)));
    if (open.length === 0) return;
    for await (const run of runBatch(flow, open, parts)) {
      yield { ...run, onceKeys: run.works.map(keyOf) };
    }
  } finally {
    // Whoever took the run has noted by now what was delivered.
    release();
  }
}

function firstOfEach(works: readonly Work[], keys: ReadonlyMap<Work, string>): ReadonlySet<Work> {
  const firsts = new Map<string | undefined, Work>();
  for (const work of works) {
    const key = keys.get(work);
    if (!firsts.has(key)) firsts.set(key, work);
  }
  return new Set(firsts.values());
}

interface Keyed {
  /** Of the works that are sent once. */
  readonly keys: ReadonlyMap<Work, string>;
  /** Works of which the connector could not tell. */
  readonly failed: readonly Work[];
}

function keysOf(flow: Flow, works: readonly Work[], { onConnectorBug }: OnceParts): Keyed {
  const keys = new Map<Work, string>();
  const failed: Work[] = [];
  for (const work of works) {
    try {
      const key = flow.preset.action.once?.(work.input, flow.options);
      if (key !== undefined) keys.set(work, storableKey(key));
    } catch (error) {
      onConnectorBug(error);
      failed.push(work);
    }
  }
  return { keys, failed };
}

/** Undefined when the worker stopped before the store answered. */
async function find(
  scope: OnceScope,
  keys: readonly string[],
  { pool, sentOnce, clock, signal, onStoreError }: OnceParts,
): Promise<ReadonlyMap<string, Date> | undefined> {
  while (!signal.aborted) {
    try {
      return await sentOnce.find(pool, scope, keys);
    } catch (error) {
      onStoreError(error);
      await clock.sleep(RETRY_MS, signal);
    }
  }
  return undefined;
}

const CONNECTOR_BUG: Outcome = {
  kind: 'rejected',
  fault: {
    code: 'delivery.connector_bug',
    message: 'The connector could not tell whether this input may be sent again.',
  },
};

function sentBefore(at: Date | undefined): Outcome {
  return { kind: 'skipped', reason: `It was sent at ${at?.toISOString() ?? ''}, and is sent only once.` };
}

function unsent(
  works: readonly Work[],
  outcomeOf: (work: Work) => Outcome,
  { clock }: Pick<OnceParts, 'clock'>,
): BatchRun {
  return {
    works,
    outcomes: works.map(outcomeOf),
    exchanges: [],
    startedAtMs: clock.now(),
    durationMs: 0,
    isOutage: false,
  };
}
