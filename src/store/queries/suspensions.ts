/**
 * Statements on the suspension of connections: set by a reader, lifted by a human or a changed credential; and on what
 * may lead to one, the time since which every call has failed.
 */
import type { Fault } from '../../kernel/outcome.ts';
import type { Db } from '../db.ts';

const SUSPEND = `
  update connections set status = 'suspended', suspended_at = now(), suspended_fault = $3, failing_since = null
  where workspace_id = $1 and name = $2 and status = 'active'`;

/** False when it was suspended already, by another shard for example. */
export async function suspendConnection(
  db: Db,
  workspaceId: number,
  name: string,
  fault: Fault,
): Promise<boolean> {
  const { rowCount } = await db.query(SUSPEND, [workspaceId, name, JSON.stringify(fault)]);
  return rowCount === 1;
}

const RESUME = `
  update connections set status = 'active', suspended_at = null, suspended_fault = null
  where workspace_id = $1 and name = $2 and status = 'suspended'`;

/** False when the connection was not suspended. */
export async function resumeConnection(db: Db, workspaceId: number, name: string): Promise<boolean> {
  const { rowCount } = await db.query(RESUME, [workspaceId, name]);
  return rowCount === 1;
}

// The select sees the row as it was before: a failure that is the first has lasted no time.
const NOTE_FAILING = `
  with noted as (
    update connections set failing_since = now() where workspace_id = $1 and name = $2 and failing_since is null
  )
  select coalesce(extract(epoch from now() - failing_since) * 1000, 0)::float8 as "failingMs"
  from connections where workspace_id = $1 and name = $2`;

/** A call failed; returns for how long every one has. */
export async function noteFailing(db: Db, workspaceId: number, name: string): Promise<number> {
  const { rows } = await db.query<{ failingMs: number }>(NOTE_FAILING, [workspaceId, name]);
  return rows[0]?.failingMs ?? 0;
}

const NOTE_ANSWERED = `
  update connections set failing_since = null
  where workspace_id = $1 and name = $2 and failing_since is not null`;

/** A call succeeded. */
export async function noteAnswered(db: Db, workspaceId: number, name: string): Promise<void> {
  await db.query(NOTE_ANSWERED, [workspaceId, name]);
}
