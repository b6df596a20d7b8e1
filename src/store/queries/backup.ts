/** Statements of backup and restore. Names come from PostgreSQL's catalogue; ours need no quoting. */
import type { Readable, Writable } from 'node:stream';
import type { PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

export interface StoredTable {
  readonly name: string;
  /** The table that this is a partition of; null for one that stands alone. */
  readonly parent: string | null;
  readonly columns: readonly string[];
}

// Every table with rows of its own: day partitions instead of their parents. Generated columns cannot be
// copied; the record of migrations belongs to the database and not to the data.
const LIST_TABLES = `
  select c.relname as name, p.relname as parent, array_agg(a.attname::text order by a.attnum) as columns
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  left join pg_inherits i on i.inhrelid = c.oid
  left join pg_class p on p.oid = i.inhparent
  where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
  group by c.relname, p.relname
  order by c.relname`;

export async function listStoredTables(db: PoolClient): Promise<readonly StoredTable[]> {
  const { rows } = await db.query<StoredTable>(LIST_TABLES);
  return rows;
}

export interface Reference {
  readonly table: string;
  readonly target: string;
}

const LIST_REFERENCES = `
  select c.relname as table, t.relname as target
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid
  join pg_class t on t.oid = k.confrelid
  where k.contype = 'f' and k.connamespace = current_schema()::regnamespace`;

/** Which table must be filled before which. */
export async function listReferences(db: PoolClient): Promise<readonly Reference[]> {
  const { rows } = await db.query<Reference>(LIST_REFERENCES);
  return rows;
}

/** Keeps retention from dropping a partition, and others from altering a table, until the transaction ends. */
export async function lockTables(
  db: PoolClient,
  names: readonly string[],
  mode: 'access share' | 'access exclusive',
): Promise<void> {
  await db.query(`lock table ${names.join(', ')} in ${mode} mode`);
}

export async function hasRows(db: PoolClient, table: string): Promise<boolean> {
  const { rowCount } = await db.query(`select from ${table} limit 1`);
  return rowCount !== 0;
}

export interface SequenceState {
  readonly name: string;
  readonly lastValue: number;
  readonly isCalled: boolean;
}

const LIST_SEQUENCES = `
  select relname as name from pg_class
  where relkind = 'S' and relnamespace = current_schema()::regnamespace order by relname`;

export async function listSequences(db: PoolClient): Promise<readonly SequenceState[]> {
  const { rows } = await db.query<{ name: string }>(LIST_SEQUENCES);
  const states: SequenceState[] = [];
  for (const { name } of rows) {
    const state = await db.query<Omit<SequenceState, 'name'>>(
      `select last_value as "lastValue", is_called as "isCalled" from ${name}`,
    );
    states.push(...state.rows.map((row) => ({ name, ...row })));
  }
  return states;
}

export async function setSequence(
  db: PoolClient,
  { name, lastValue, isCalled }: SequenceState,
): Promise<void> {
  await db.query('select setval($1::regclass, $2, $3)', [name, lastValue, isCalled]);
}

/** The rows of a table in PostgreSQL's text form, which every version reads. */
export function readRows(db: PoolClient, { name, columns }: StoredTable): Readable {
  return db.query(copyTo(`copy ${name} (${columns.join(', ')}) to stdout`));
}

export function writeRows(db: PoolClient, { name, columns }: StoredTable): Writable {
  return db.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`));
}
