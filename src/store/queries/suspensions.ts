/** Statements on the suspension of connections: set by a reader, lifted by a human or a changed credential. */
import type { Fault } from '../../kernel/outcome.ts';
import type { Db } from '../db.ts';

const SUSPEND = `
  update connections set status = 'suspended', suspended_at = now(), suspended_fault = $3
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
