/** Statements on workspaces. */
import type { Db } from '../db.ts';

// Selecting first spares a sequence value and a dead row at each start with a known workspace. `do update`,
// and not `do nothing`, because only that returns the row of another transaction that was faster.
const ENSURE_WORKSPACE = `
  with known as (select id from workspaces where name = $1),
  made as (
    insert into workspaces (name) select $1 where not exists (select from known)
    on conflict on constraint workspaces_name_unique do update set name = excluded.name
    returning id
  )
  select id from known union all select id from made`;

/** The id of the workspace, which is made when there is none of that name. */
export async function ensureWorkspace(db: Db, name: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>(ENSURE_WORKSPACE, [name]);
  const [row] = rows;
  if (row === undefined) throw new Error('Ensuring a workspace returned no row.');
  return row.id;
}

/** The id of the workspace; `undefined` when there is none of that name. */
export async function findWorkspaceId(db: Db, name: string): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number }>('select id from workspaces where name = $1', [name]);
  return rows[0]?.id;
}

const LIST_WORKSPACES = 'select name from workspaces order by name';

/** The names of all workspaces. */
export async function listWorkspaces(db: Db): Promise<readonly string[]> {
  const { rows } = await db.query<{ name: string }>(LIST_WORKSPACES);
  return rows.map(({ name }) => name);
}

/** Waits until no other transaction holds the workspace; rows that refer to it can be written meanwhile. */
export async function lockWorkspace(db: Db, id: number): Promise<void> {
  await db.query('select from workspaces where id = $1 for no key update', [id]);
}
