/** Where the login of one connection is kept for all processes; `src/store/logins.ts` keeps it in PostgreSQL. */
import type { Redacted } from '../../kernel/redacted.ts';

/** A login as it stands now. Times are spans, counted by the clock of the store, so that clocks need not agree. */
export interface StoredLogin {
  /** The app that tokens belong to. */
  readonly clientId: string;
  readonly accessToken: Redacted;
  readonly refreshToken: Redacted;
  /** Until the access token ends. */
  readonly lifeMs: number;
  /** Until it should be renewed. */
  readonly renewInMs: number;
  /** Another one after every renewal and every login. */
  readonly version: number;
}

/** What a renewal, or a login, brought. */
export type NewTokens = Pick<StoredLogin, 'accessToken' | 'refreshToken' | 'lifeMs' | 'renewInMs'>;

export interface LoginStore {
  /** The name of the connection. */
  readonly connection: string;
  /** Undefined while nobody has logged in. */
  load(): Promise<StoredLogin | undefined>;
  /**
   * The right to renew a login of this version, for `withinMs`; undefined when someone else has it, or the login is
   * another by now. Of all processes one gets it; when that one dies, the next one gets it after `withinMs`.
   */
  claimRenewal(version: number, withinMs: number): Promise<string | undefined>;
  /** Keeps the new tokens and gives the right back; false, and nothing kept, when it had run out or gone to others. */
  saveRenewal(claim: string, tokens: NewTokens): Promise<boolean>;
  /** Gives the right back without new tokens; false when it was lost. */
  releaseRenewal(claim: string): Promise<boolean>;
}
