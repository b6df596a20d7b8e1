/**
 * Drives a connector's generator: sends the calls it yields, grants its claims, hands the answers back. The
 * first call that fails ends the generator, and its failure is the verdict on all it was doing.
 */
import type { CallResponse, Claimed, Step, Steps } from '../kit/index.ts';
import type { ConnectionClient } from './connection-client.ts';
import type { Exchange } from './exchange.ts';
import type { Failure } from './failure.ts';
import type { Claimant } from './limit-kind.ts';
import type { RecordClaims } from './record-claims.ts';

export type Driven<Result> =
  | { readonly kind: 'returned'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The signal aborted before a call left; nothing is known about the inputs. */
  | { readonly kind: 'aborted' };

export interface DriveParts {
  readonly client: Pick<ConnectionClient, 'send'>;
  readonly claims: RecordClaims;
  readonly signal: AbortSignal;
  /** Who calls; live when absent. */
  readonly claimant?: Claimant;
  readonly onExchange: (exchange: Exchange) => void;
}

export async function drive<Result>(steps: Steps<Result>, parts: DriveParts): Promise<Driven<Result>> {
  let hasClaimed = false;
  let release: () => void = () => undefined;
  try {
    let step = steps.next();
    while (step.done !== true) {
      if (step.value.kind === 'claim' && hasClaimed) {
        throw new TypeError('A generator claimed twice, which could make two wait for each other.');
      }
      const answer = await take(step.value, parts);
      if (answer === undefined) return { kind: 'aborted' };
      if (answer.kind === 'failed') return { kind: 'failed', failure: answer.failure };
      if (answer.kind === 'claimed') {
        hasClaimed = true;
        release = answer.release;
      }
      step = steps.next(answer.kind === 'claimed' ? answer.claimed : answer.response);
    }
    return { kind: 'returned', result: step.value };
  } finally {
    release();
    // Lets the generator run its own clean-up when it was left early; a no-op when it has returned.
    steps.return(undefined as never);
  }
}

type Taken =
  | { readonly kind: 'response'; readonly response: CallResponse }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'claimed'; readonly claimed: Claimed; readonly release: () => void };

async function take(
  step: Step,
  { client, claims, signal, claimant, onExchange }: DriveParts,
): Promise<Taken | undefined> {
  if (step.kind === 'claim') {
    const { waited, release } = await claims.claim(step.keys);
    return { kind: 'claimed', claimed: { kind: 'claimed', waited }, release };
  }
  const sent = await client.send(step, signal, claimant);
  if (sent?.exchange !== undefined) onExchange(sent.exchange);
  return sent;
}
