/**
 * Brings a database to the schema of this version: numbered files, forward only, each in one transaction
 * with its record. Concurrent starts wait for each other. A file that changed after it was applied, or a
 * database that a newer Linchpin has migrated, is refused before anything is touched.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pool, PoolClient } from 'pg';
import { LinchpinError } from '../kernel/errors.ts';
import { LOCK_CLASSES } from './locks.ts';
import { ensureMigrationsTable, insertMigration, listAppliedMigrations } from './queries/migrations.ts';
import type { AppliedMigration } from './queries/migrations.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
  readonly sql: string;
}

/** The folder of this version. Valid in `src/store/` and in a bundle two folders below the root. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));

const FILE_NAME = /^(?<number>\d{4})_(?<name>[a-z0-9_]+)\.sql$/;

// Longer than any migration of ours takes on a large database; after it something is stuck.
const WAIT_FOR_OTHERS = '5min';

/** The migrations of a folder in order. */
export async function loadMigrations(folder = MIGRATIONS_FOLDER): Promise<readonly Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(folder)).sort()) {
    const groups = FILE_NAME.exec(file)?.groups;
    if (groups === undefined) continue;
    // A checkout on Windows may have changed line ends, which changes no statement.
    const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
    migrations.push({
      number: Number(groups['number']),
      name: groups['name'] ?? '',
      checksum: createHash('sha256').update(sql).digest('hex'),
      sql,
    });
  }
  return migrations;
}

/** Applies what is missing and returns it. */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`set lock_timeout = '${WAIT_FOR_OTHERS}'`);
    await client.query('select pg_advisory_lock($1, 0)', [LOCK_CLASSES.migrations]);
    await ensureMigrationsTable(client);
    const pending = findPending(migrations, await listAppliedMigrations(client));
    for (const migration of pending) await apply(client, migration);
    await client.query('select pg_advisory_unlock($1, 0)', [LOCK_CLASSES.migrations]);
    await client.query('reset lock_timeout');
    return pending;
  } catch (error) {
    // Closing the connection gives the lock back whatever state the session is in.
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The migrations that a database still lacks; throws when it does not fit these files. */
export function findPending(
  migrations: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, checksum } of applied) {
    const migration = byNumber.get(number);
    if (migration === undefined) {
      throw new LinchpinError('store.database_newer', {
        message: `The database has migration ${String(number)} (${name}), which this version of Linchpin does not know.`,
      });
    }
    if (migration.checksum !== checksum) {
      throw new LinchpinError('store.migration_changed', {
        message: `Migration ${String(number)} (${name}) is not the one that was applied to this database.`,
      });
    }
  }
  const appliedNumbers = new Set(applied.map(({ number }) => number));
  return migrations.filter(({ number }) => !appliedNumbers.has(number));
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await insertMigration(client, migration);
    await client.query('commit');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LinchpinError('store.migration_failed', {
      message: `Migration ${String(migration.number)} (${migration.name}) failed and was undone: ${reason}.`,
      cause,
    });
  }
}
