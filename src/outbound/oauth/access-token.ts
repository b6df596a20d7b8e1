/**
 * The access token of a connection in this process: asked of its source when first needed and again before it ends,
 * once however many calls wait for it. A source that is away for a while is no news while the token still holds.
 */
import type { Clock } from '../../kernel/clock.ts';
import type { Redacted } from '../../kernel/redacted.ts';
import { isPassing } from '../failure.ts';
import type { Failure } from '../failure.ts';

/** Where access tokens come from. */
export interface TokenSource {
  /** Any token but the one that the vendor refused. */
  obtain(refused: Redacted | undefined): Promise<Obtained>;
}

export type Obtained =
  | {
      readonly kind: 'token';
      readonly token: Redacted;
      /** How long it holds. */
      readonly lifeMs: number;
      /** After how long to ask for the next one. */
      readonly renewInMs: number;
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: Redacted }
  | { readonly kind: 'failed'; readonly failure: Failure };

interface Held {
  readonly token: Redacted;
  readonly endsAtMs: number;
  renewAtMs: number;
}

// Soon enough that some tries fit into the minutes for which a token still holds, and no burden on a source in trouble.
const ASK_AGAIN_MS = 10_000;

export class AccessToken {
  readonly #source: TokenSource;
  readonly #clock: Clock;
  #held: Held | undefined;
  #refused: Redacted | undefined;
  #obtaining: Promise<TokenAnswer> | undefined;

  constructor(source: TokenSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async get(): Promise<TokenAnswer> {
    if (this.#held !== undefined && this.#clock.now() < this.#held.renewAtMs) {
      return { kind: 'token', token: this.#held.token };
    }
    this.#obtaining ??= this.#obtain().finally(() => {
      this.#obtaining = undefined;
    });
    return this.#obtaining;
  }

  /** Forgets a token that the vendor refused; a newer one, obtained meanwhile for another call, stays. */
  drop(token: Redacted): void {
    if (this.#held?.token !== token) return;
    this.#held = undefined;
    this.#refused = token;
  }

  async #obtain(): Promise<TokenAnswer> {
    for (;;) {
      const refused = this.#refused;
      const obtained = await this.#source.obtain(refused);
      const now = this.#clock.now();
      if (obtained.kind === 'failed') {
        const held = this.#held;
        if (held === undefined || now >= held.endsAtMs || !isPassing(obtained.failure)) return obtained;
        held.renewAtMs = Math.min(now + ASK_AGAIN_MS, held.endsAtMs);
        return { kind: 'token', token: held.token };
      }
      const { token, lifeMs, renewInMs } = obtained;
      // The one that was refused while its successor was asked for is none.
      if (this.#refused !== refused && this.#refused?.reveal() === token.reveal()) continue;
      this.#held = { token, endsAtMs: now + lifeMs, renewAtMs: now + renewInMs };
      this.#refused = undefined;
      return { kind: 'token', token };
    }
  }
}
