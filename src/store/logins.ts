/**
 * The logins of connections: tokens leave it as `Redacted` and reach the database sealed. A new login lets a suspended
 * connection go on, since a broken login is what suspends most of them, and wakes its readers.
 */
import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Redacted } from '../kernel/redacted.ts';
import { forgetLimits } from './queries/limits.ts';
import {
  claimRenewal,
  deleteLogin,
  findLogin,
  releaseRenewal,
  saveRenewal,
  upsertLogin,
} from './queries/logins.ts';
import type { TokenRow } from './queries/logins.ts';
import { resumeConnection } from './queries/suspensions.ts';
import type { Sealer } from './seal.ts';
import { sendSignal } from './signals.ts';
import { withTransaction } from './transaction.ts';

export interface LoginTokens {
  readonly accessToken: Redacted;
  readonly refreshToken: Redacted;
  readonly lifeMs: number;
  readonly renewInMs: number;
}

export interface Login extends LoginTokens {
  readonly clientId: string;
  readonly version: number;
  readonly account: string | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly loggedInAt: Date;
}

export type NewLogin = Omit<Login, 'version' | 'loggedInAt'>;

export interface ConnectionId {
  readonly workspaceId: number;
  readonly name: string;
}

/** The login of one connection. */
export class ConnectionLogin {
  readonly #pool: Pool;
  readonly #sealer: Sealer;
  readonly #workspaceId: number;
  readonly connection: string;

  constructor(pool: Pool, sealer: Sealer, { workspaceId, name }: ConnectionId) {
    this.#pool = pool;
    this.#sealer = sealer;
    this.#workspaceId = workspaceId;
    this.connection = name;
  }

  /** Undefined while nobody has logged in. */
  async load(): Promise<Login | undefined> {
    const row = await findLogin(this.#pool, this.#workspaceId, this.connection);
    if (row === undefined) return undefined;
    const { account, scopes } = row;
    return {
      ...row,
      accessToken: new Redacted(this.#sealer.unseal(row.accessToken)),
      refreshToken: new Redacted(this.#sealer.unseal(row.refreshToken)),
      account: account ?? undefined,
      scopes: scopes ?? undefined,
    };
  }

  /** Whose login it is. It stands open, so a login whose master key is lost can be replaced by a new one. */
  async account(): Promise<string | undefined> {
    return (await findLogin(this.#pool, this.#workspaceId, this.connection))?.account ?? undefined;
  }

  /** Replaces the login there was. Another account has limits of its own: what is known of the old ones goes. */
  async put(login: NewLogin): Promise<void> {
    const { clientId, account = null, scopes = null } = login;
    const row = { ...this.#seal(login), loginId: randomUUID(), clientId, account, scopes };
    await withTransaction(this.#pool, async (tx) => {
      const before = await findLogin(tx, this.#workspaceId, this.connection);
      if (account === null || before?.account !== account) {
        await forgetLimits(tx, this.#workspaceId, this.connection);
      }
      await upsertLogin(tx, this.#workspaceId, this.connection, row);
      await resumeConnection(tx, this.#workspaceId, this.connection);
      await sendSignal(tx, 'control', this.#workspaceId);
    });
  }

  /** Forgets the login; false when there was none. */
  async delete(): Promise<boolean> {
    return withTransaction(this.#pool, async (tx) => {
      const wasThere = await deleteLogin(tx, this.#workspaceId, this.connection);
      await sendSignal(tx, 'control', this.#workspaceId);
      return wasThere;
    });
  }

  async claimRenewal(version: number, withinMs: number): Promise<string | undefined> {
    const claim = randomUUID();
    const isClaimed = await claimRenewal(this.#pool, this.#workspaceId, this.connection, {
      version,
      claim,
      withinMs,
    });
    return isClaimed ? claim : undefined;
  }

  saveRenewal(claim: string, tokens: LoginTokens): Promise<boolean> {
    return saveRenewal(this.#pool, this.#workspaceId, this.connection, claim, this.#seal(tokens));
  }

  releaseRenewal(claim: string): Promise<boolean> {
    return releaseRenewal(this.#pool, this.#workspaceId, this.connection, claim);
  }

  #seal({ accessToken, refreshToken, lifeMs, renewInMs }: LoginTokens): TokenRow {
    return {
      accessToken: this.#sealer.seal(accessToken.reveal()),
      refreshToken: this.#sealer.seal(refreshToken.reveal()),
      lifeMs,
      renewInMs,
    };
  }
}
