import type { Pool } from 'pg';

/** A flow to a connection that is not applied, for tests of what is asked of the store; makes the connection when there is none. */
export async function insertFlow(
  pool: Pool,
  workspaceId: number,
  connection: string,
  name: string,
): Promise<void> {
  await pool.query(
    `insert into connections (workspace_id, name, connector, settings, secrets, secrets_fingerprint)
     values ($1, $2, 'test', '{}', '', '') on conflict do nothing`,
    [workspaceId, connection],
  );
  await pool.query(
    `insert into flows (workspace_id, name, preset, source, connection, options) values ($1, $3, $3, 'site', $2, '{}')
     on conflict do nothing`,
    [workspaceId, connection, name],
  );
}
