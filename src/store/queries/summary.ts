/** Statements that sum up a workspace: what came in, how far the readers are, what is open. */
import type { Db } from '../db.ts';

export interface EventCount {
  readonly source: string;
  readonly type: string;
  readonly name: string | null;
  readonly count: number;
}

const COUNT_EVENTS = `
  select source, type, name, count(*)::integer as count from events where workspace_id = $1
  group by source, type, name order by source, type, name`;

/** Every event of the log by source, type and name: reads the whole log, so it is for small ones. */
export async function countEvents(db: Db, workspaceId: number): Promise<readonly EventCount[]> {
  const { rows } = await db.query<EventCount>(COUNT_EVENTS, [workspaceId]);
  return rows;
}

export interface ReaderProgress {
  readonly connection: string;
  /** Events that the reader has not finished or parked yet. */
  readonly behind: number;
  readonly parked: number;
  readonly deadLetters: number;
}

const PROGRESS = `
  select c.connection,
    (select count(*)::integer from events e where e.workspace_id = c.workspace_id and e.position > c.position) as behind,
    (select count(*)::integer from parked p where p.workspace_id = c.workspace_id and p.connection = c.connection) as parked,
    (select count(*)::integer from dead_letters d
      where d.workspace_id = c.workspace_id and d.connection = c.connection and d.status = 'open') as "deadLetters"
  from cursors c where c.workspace_id = $1 order by c.connection`;

export async function listProgress(db: Db, workspaceId: number): Promise<readonly ReaderProgress[]> {
  const { rows } = await db.query<ReaderProgress>(PROGRESS, [workspaceId]);
  return rows;
}

const EMPTY = `
  truncate workspaces, sources, connections, flows, cursors, parked, dead_letters, events, rejected_events, attempts
  restart identity`;

/** Forgets every workspace and all that belongs to them. For folders that hold nothing anyone would miss. */
export async function emptyStore(db: Db): Promise<void> {
  await db.query(EMPTY);
}
