/**
 * Statements on the logins of connections. Every span counts from the database's clock, which all processes share.
 * A renewal is claimed, and saved only by whoever still has the claim.
 */
import type { Db } from '../db.ts';

/** Tokens sealed. */
export interface LoginRow {
  readonly clientId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly lifeMs: number;
  readonly renewInMs: number;
  readonly version: number;
  readonly account: string | null;
  readonly scopes: readonly string[] | null;
  readonly loggedInAt: Date;
}

export type TokenRow = Pick<LoginRow, 'accessToken' | 'refreshToken' | 'lifeMs' | 'renewInMs'>;

export type NewLoginRow = Omit<LoginRow, 'version' | 'loggedInAt'> & { readonly loginId: string };

const FIND = `
  select client_id as "clientId", access_token as "accessToken", refresh_token as "refreshToken",
    extract(epoch from expires_at - clock_timestamp())::double precision * 1000 as "lifeMs",
    extract(epoch from renew_at - clock_timestamp())::double precision * 1000 as "renewInMs",
    version, account, scopes, logged_in_at as "loggedInAt"
  from logins where workspace_id = $1 and connection = $2`;

export async function findLogin(
  db: Db,
  workspaceId: number,
  connection: string,
): Promise<LoginRow | undefined> {
  const { rows } = await db.query<LoginRow>(FIND, [workspaceId, connection]);
  return rows[0];
}

const UPSERT = `
  insert into logins (workspace_id, connection, login_id, client_id, access_token, refresh_token, expires_at, renew_at,
    account, scopes)
  values ($1, $2, $3, $4, $5, $6, clock_timestamp() + $7 * interval '1 millisecond',
    clock_timestamp() + $8 * interval '1 millisecond', $9, $10)
  on conflict (workspace_id, connection) do update set login_id = excluded.login_id, client_id = excluded.client_id,
    access_token = excluded.access_token, refresh_token = excluded.refresh_token, expires_at = excluded.expires_at,
    renew_at = excluded.renew_at, account = excluded.account, scopes = excluded.scopes, version = logins.version + 1,
    claim = null, claimed_until = null, logged_in_at = now(), renewed_at = null`;

/** A renewal that is under way for the login before is lost, and its tokens with it. */
export async function upsertLogin(
  db: Db,
  workspaceId: number,
  connection: string,
  login: NewLoginRow,
): Promise<void> {
  const { loginId, clientId, accessToken, refreshToken, lifeMs, renewInMs, account, scopes } = login;
  const sealed = [loginId, clientId, accessToken, refreshToken];
  await db.query(UPSERT, [workspaceId, connection, ...sealed, lifeMs, renewInMs, account, scopes]);
}

/** False when nobody was logged in. */
export async function deleteLogin(db: Db, workspaceId: number, connection: string): Promise<boolean> {
  const { rowCount } = await db.query(`delete from logins where workspace_id = $1 and connection = $2`, [
    workspaceId,
    connection,
  ]);
  return rowCount === 1;
}

const CLAIM = `
  update logins set claim = $4, claimed_until = clock_timestamp() + $5 * interval '1 millisecond'
  where workspace_id = $1 and connection = $2 and version = $3
    and (claimed_until is null or claimed_until < clock_timestamp())`;

/** False when someone else has the claim, or the login is of another version by now. */
export async function claimRenewal(
  db: Db,
  workspaceId: number,
  connection: string,
  {
    version,
    claim,
    withinMs,
  }: { readonly version: number; readonly claim: string; readonly withinMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(CLAIM, [workspaceId, connection, version, claim, withinMs]);
  return rowCount === 1;
}

const SAVE = `
  update logins set access_token = $4, refresh_token = $5, expires_at = clock_timestamp() + $6 * interval '1 millisecond',
    renew_at = clock_timestamp() + $7 * interval '1 millisecond', version = version + 1, claim = null,
    claimed_until = null, renewed_at = now()
  where workspace_id = $1 and connection = $2 and claim = $3`;

/** False when the claim was lost; then nothing is written. */
export async function saveRenewal(
  db: Db,
  workspaceId: number,
  connection: string,
  claim: string,
  { accessToken, refreshToken, lifeMs, renewInMs }: TokenRow,
): Promise<boolean> {
  const values = [workspaceId, connection, claim, accessToken, refreshToken, lifeMs, renewInMs];
  const { rowCount } = await db.query(SAVE, values);
  return rowCount === 1;
}

const RELEASE = `
  update logins set claim = null, claimed_until = null
  where workspace_id = $1 and connection = $2 and claim = $3`;

/** False when the claim was lost. */
export async function releaseRenewal(
  db: Db,
  workspaceId: number,
  connection: string,
  claim: string,
): Promise<boolean> {
  const { rowCount } = await db.query(RELEASE, [workspaceId, connection, claim]);
  return rowCount === 1;
}
