/** Statements on the record of applied migrations. */
import type { Db } from '../db.ts';

export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  /** SHA-256 of the file, in hex. */
  readonly checksum: string;
}

// Not itself a migration: it has to be there before the first.
const ENSURE_TABLE = `
  create table if not exists migrations (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`;

export async function ensureMigrationsTable(db: Db): Promise<void> {
  await db.query(ENSURE_TABLE);
}

const LIST_APPLIED = 'select number, name, checksum from migrations order by number';

export async function listAppliedMigrations(db: Db): Promise<readonly AppliedMigration[]> {
  const { rows } = await db.query<AppliedMigration>(LIST_APPLIED);
  return rows;
}

const INSERT = 'insert into migrations (number, name, checksum) values ($1, $2, $3)';

export async function insertMigration(db: Db, { number, name, checksum }: AppliedMigration): Promise<void> {
  await db.query(INSERT, [number, name, checksum]);
}
