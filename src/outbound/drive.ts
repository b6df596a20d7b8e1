/**
 * Drives a connector's generator: sends the calls it yields, grants its claims, hands the answers back. The
 * first call that fails ends the generator, and its failure is the verdict on all it was doing. One that is not live
 * goes behind live ones only as long as it holds nothing that they may wait for, and its patience lasts.
 */
import type { Call, Claimed, Step, Steps } from '../kit/index.ts';
import type { ConnectionClient, Sent } from './connection-client.ts';
import type { Exchange } from './exchange.ts';
import type { Failure } from './failure.ts';
import { LIVE_CLAIMANT } from './limit-kind.ts';
import type { Claimant } from './limit-kind.ts';
import type { Patience } from './patience.ts';
import type { RecordClaims } from './record-claims.ts';

export type Driven<Result> =
  | { readonly kind: 'returned'; readonly result: Result }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The signal aborted before a call left; nothing is known about the inputs. */
  | { readonly kind: 'aborted' }
  | HeldBack;

/** There was no room before the patience was over, and no call has left. */
interface HeldBack {
  readonly kind: 'held back';
}

export interface DriveParts {
  readonly client: Pick<ConnectionClient, 'send'>;
  readonly claims: RecordClaims;
  readonly signal: AbortSignal;
  /** Who calls; live when absent. */
  readonly claimant?: Claimant;
  /** Of a batch that is not live; it ends when `signal` aborts. */
  readonly patience?: Patience | undefined;
  readonly onExchange: (exchange: Exchange) => void;
}

export async function drive<Result>(steps: Steps<Result>, parts: DriveParts): Promise<Driven<Result>> {
  const held = new Held(parts.claims, parts.signal);
  try {
    let step = steps.next();
    while (step.done !== true) {
      const answer = await take(step.value, held, parts);
      if (answer === undefined) return { kind: 'aborted' };
      if (answer.kind === 'held back') return answer;
      if (answer.kind === 'failed') return { kind: 'failed', failure: answer.failure };
      step = steps.next(answer.kind === 'claimed' ? answer : answer.response);
    }
    return { kind: 'returned', result: step.value };
  } finally {
    held.releaseAll();
    // Lets the generator run its own clean-up when it was left early; a no-op when it has returned.
    steps.return(undefined as never);
  }
}

type Taken = Sent | HeldBack | Claimed;

async function take(step: Step, held: Held, parts: DriveParts): Promise<Taken | undefined> {
  if (step.kind === 'claim') return held.claim(step.keys);
  if (step.kind === 'enter') return held.enter(step.name);
  if (step.kind === 'leave') return held.leave();
  const sent = await sendInTurn(step, held, parts);
  if (sent?.kind !== 'held back' && sent?.exchange !== undefined) parts.onExchange(sent.exchange);
  return sent;
}

async function sendInTurn(
  call: Call,
  held: Held,
  { client, signal, claimant = LIVE_CLAIMANT, patience }: DriveParts,
): Promise<Sent | HeldBack | undefined> {
  if (patience === undefined) return client.send(call, signal, claimant);
  const sent = held.isAny ? undefined : await client.send(call, patience.signal, claimant);
  if (sent === undefined && signal.aborted) return undefined;
  if (sent === undefined && !held.isAny && !patience.hasBegun) return { kind: 'held back' };
  patience.begin();
  return sent ?? client.send(call, signal, { ...claimant, isHurried: true });
}

/** What a generator has for itself. Whoever waits for records is in no room, so that no two wait for each other. */
class Held {
  readonly #claims: RecordClaims;
  readonly #signal: AbortSignal;
  #releaseRecords: (() => void) | undefined;
  #releaseRoom: (() => void) | undefined;

  constructor(claims: RecordClaims, signal: AbortSignal) {
    this.#claims = claims;
    this.#signal = signal;
  }

  get isAny(): boolean {
    return this.#releaseRecords !== undefined || this.#releaseRoom !== undefined;
  }

  async claim(keys: readonly string[]): Promise<Claimed | undefined> {
    if (this.#releaseRecords !== undefined)
      throw new TypeError('A generator claimed twice, which could make two wait for each other.');
    if (this.#releaseRoom !== undefined)
      throw new TypeError(
        'A generator claimed while it was alone, which could make two wait for each other.',
      );
    const granted = await this.#claims.claim(keys, this.#signal);
    this.#releaseRecords = granted?.release;
    return granted && { kind: 'claimed', waited: granted.waited };
  }

  async enter(name: string): Promise<Claimed | undefined> {
    if (this.#releaseRoom !== undefined)
      throw new TypeError(
        'A generator that is alone asked to be alone, which could make two wait for each other.',
      );
    const granted = await this.#claims.claim([`alone: ${name}`], this.#signal);
    this.#releaseRoom = granted?.release;
    return granted && { kind: 'claimed', waited: granted.waited };
  }

  leave(): Claimed {
    this.#releaseRoom?.();
    this.#releaseRoom = undefined;
    return { kind: 'claimed', waited: false };
  }

  releaseAll(): void {
    this.leave();
    this.#releaseRecords?.();
  }
}
