/** What `linchpin connectors test` says of a login, before it asks anything else. */
import type { Connection } from '../../flows/workspace.ts';
import type { CheckLine, Grant } from '../../kit/index.ts';
import type { ConnectionClient } from '../connection-client.ts';
import { inspectLogin } from './log-in.ts';

export interface CheckedLogin {
  readonly line: CheckLine;
  /** Undefined when the vendor does not tell. */
  readonly granted: readonly string[] | undefined;
}

/** Undefined for a connection that nobody logs in to. Renews the token when that is due. */
export async function checkLogin(
  connection: Connection,
  client: Pick<ConnectionClient, 'accessToken'>,
): Promise<CheckedLogin | undefined> {
  if (connection.connector.auth(connection.settings).kind !== 'authorization_code') return undefined;
  const held = await client.accessToken();
  if (held === undefined) return undefined;
  if (held.kind === 'failed') {
    const { failure } = held;
    const text =
      failure.kind === 'deferred' ? failure.reason : `${failure.fault.message} (${failure.fault.code})`;
    return { line: { ok: false, text }, granted: undefined };
  }
  const grant = await inspectLogin(connection, held.token);
  return { line: { ok: true, text: `Logged in${toWhat(grant)}` }, granted: grant.scopes };
}

/** ` to acme.com (account 1000001) as ada@example.com`, as far as the vendor tells. */
export function toWhat({ account, accountName, user }: Grant): string {
  const name = accountName ?? (account === undefined ? undefined : `account ${account}`);
  const number = accountName === undefined || account === undefined ? '' : ` (account ${account})`;
  return `${name === undefined ? '' : ` to ${name}${number}`}${user === undefined ? '' : ` as ${user}`}`;
}
