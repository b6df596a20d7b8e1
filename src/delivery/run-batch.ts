/**
 * Sends one batch: drives the action's generator, and when a call that carried several inputs is refused,
 * splits the batch and tries the halves, until the input at fault stands alone and every other one is
 * through. Each try is a run of its own on the record.
 */
import type { Clock } from '../kernel/clock.ts';
import type { Outcome } from '../kernel/outcome.ts';
import type { ConnectionCache, Item } from '../kit/index.ts';
import type {
  Claimant,
  ConnectionClient,
  Driven,
  Exchange,
  Patience,
  RecordClaims,
} from '../outbound/index.ts';
import { drive } from '../outbound/index.ts';
import type { Connection, Flow } from '../flows/workspace.ts';
import type { Work } from './work.ts';

export interface BatchParts {
  readonly connection: Connection;
  readonly client: Pick<ConnectionClient, 'send' | 'conceal'>;
  readonly claims: RecordClaims;
  readonly claimant: Claimant;
  /** Of a batch that is not live: one for all its tries. */
  readonly patience?: Patience | undefined;
  readonly cache: ConnectionCache;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The connector broke its contract; the inputs are treated as refused. */
  readonly onConnectorBug: (error: unknown) => void;
}

/** One try of some works, with an outcome for each. */
export interface BatchRun {
  readonly works: readonly Work[];
  readonly outcomes: readonly Outcome[];
  readonly exchanges: readonly Exchange[];
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** True when a fault of the vendor as a whole, not of an input, ended the try. */
  readonly isOutage: boolean;
  /** The keys of the works that may be sent once only, in their order; absent when they may be sent any number of times. */
  readonly onceKeys?: readonly string[];
}

/** The outcome of what was never sent because the worker stopped. */
export const STOPPED: Outcome = {
  kind: 'deferred',
  waitMs: 0,
  reason: 'The worker stopped before the call left.',
};

const HELD_BACK: Outcome = {
  kind: 'deferred',
  waitMs: 0,
  reason: 'There was no room beside live calls, or the replay was stopped.',
};

export async function* runBatch(
  flow: Flow,
  works: readonly Work[],
  parts: BatchParts,
): AsyncGenerator<BatchRun> {
  const exchanges: Exchange[] = [];
  const startedAtMs = parts.clock.now();
  const driven = await driveBatch(flow, works, parts, exchanges);
  const isRefused = driven.kind === 'failed' && driven.failure.kind === 'rejected';
  if (isRefused && works.length > 1) {
    const middle = Math.ceil(works.length / 2);
    yield* runBatch(flow, works.slice(0, middle), parts);
    yield* runBatch(flow, works.slice(middle), parts);
    return;
  }
  yield {
    works,
    outcomes:
      driven.kind === 'returned'
        ? driven.result.map((outcome) => parts.client.conceal(outcome))
        : works.map(() => verdictOf(driven)),
    exchanges,
    startedAtMs,
    durationMs: Math.round(parts.clock.now() - startedAtMs),
    isOutage: driven.kind === 'failed' && driven.failure.kind === 'retry',
  };
}

async function driveBatch(
  flow: Flow,
  works: readonly Work[],
  { connection, client, claims, claimant, patience, cache, clock, signal, onConnectorBug }: BatchParts,
  exchanges: Exchange[],
): Promise<Driven<readonly Outcome[]>> {
  const { action } = flow.preset;
  const items: readonly Item<unknown>[] = works.map((work) => ({
    input: work.input,
    traceId: String(work.parts[0].position),
    attempt: 1 + Math.max(...work.parts.map(({ attempts }) => attempts)),
  }));
  const context = {
    settings: connection.settings,
    options: flow.options,
    cache,
    nowMs: clock.now(),
    isReplay: claimant.priority !== 'live',
  };
  try {
    const driven = await drive(action.deliver(items, context), {
      client,
      claims,
      claimant,
      patience,
      signal,
      onExchange: (exchange) => exchanges.push(exchange),
    });
    if (driven.kind === 'returned' && driven.result.length !== works.length) {
      throw new TypeError(
        `${action.id} returned ${String(driven.result.length)} outcomes for ${String(works.length)} inputs.`,
      );
    }
    return driven;
  } catch (error) {
    onConnectorBug(error);
    const message = `The connector failed on this input: ${error instanceof Error ? error.message : String(error)}`;
    return {
      kind: 'failed',
      failure: { kind: 'rejected', fault: { code: 'delivery.connector_bug', message } },
    };
  }
}

function verdictOf(driven: Exclude<Driven<unknown>, { kind: 'returned' }>): Outcome {
  if (driven.kind === 'failed') return driven.failure;
  return driven.kind === 'held back' ? HELD_BACK : STOPPED;
}
