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

// The time goes on from a failure to the next one. After a longer silence nobody knows how it would have gone meanwhile.
const NOTE_FAILING = `
  update connections set failed_at = now(),
    failing_since = case when failed_at > now() - $3 * interval '1 millisecond' then coalesce(failing_since, now())
      else now() end
  where workspace_id = $1 and name = $2
  returning extract(epoch from now() - failing_since)::float8 * 1000 as "failingMs"`;

/** A call failed; returns for how long every one has, with no silence between two of them longer than `silenceMs`. */
export async function noteFailing(
  db: Db,
  workspaceId: number,
  name: string,
  silenceMs: number,
): Promise<number> {
  const { rows } = await db.query<{ failingMs: number }>(NOTE_FAILING, [workspaceId, name, silenceMs]);
  return rows[0]?.failingMs ?? 0;
}

const NOTE_ANSWERED = `
  update connections set failing_since = null
  where workspace_id = $1 and name = $2 and failing_since is not null`;

/** A call succeeded. */
export async function noteAnswered(db: Db, workspaceId: number, name: string): Promise<void> {
  await db.query(NOTE_ANSWERED, [workspaceId, name]);
}
