/**
 * Backup and restore of everything but the master key, with nothing but SQL, because the embedded PostgreSQL
 * comes without pg_dump. A backup is one consistent moment and needs no pause; a restore fills an empty
 * database of the same schema in one transaction, so that it is either whole or not there.
 */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';
import type { PoolClient } from 'pg';
import { systemClock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { BACKUP_FORMAT, readBackup, toLine, unreadable } from './backup-file.ts';
import type { BackupPart, BackupRecord } from './backup-file.ts';
import { syncFolder } from './data-folder.ts';
import { LOCK_CLASSES } from './locks.ts';
import {
  hasRows,
  listReferences,
  listSequences,
  listStoredTables,
  lockTables,
  readRows,
  setSequence,
  writeRows,
} from './queries/backup.ts';
import type { Reference, StoredTable } from './queries/backup.ts';
import { listAppliedMigrations } from './queries/migrations.ts';
import { createPartition, PARTITIONED_TABLES } from './queries/partitions.ts';
import type { PartitionedTable } from './queries/partitions.ts';
import { nextDay, parsePartition } from './partitions.ts';
import type { Store } from './store.ts';
import { withTransaction } from './transaction.ts';

export interface BackupResult {
  readonly tables: number;
  /** Size of the file. */
  readonly bytes: number;
}

/** Writes a backup to `filePath`, readable by its owner only, replacing an earlier one only when it is complete. */
export async function backup(store: Pick<Store, 'pool'>, filePath: string): Promise<BackupResult> {
  const draft = `${filePath}.${randomBytes(8).toString('hex')}`;
  try {
    const tables = await withTransaction(store.pool, (db) => writeBackup(db, draft), {
      onFailure: 'disconnect',
    });
    return { tables, bytes: await putInPlace(draft, filePath) };
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeBackup(db: PoolClient, path: string): Promise<number> {
  await db.query('set transaction isolation level repeatable read');
  // Before the snapshot is taken with the first query: no partition goes between the list and its rows.
  await lockTables(db, ['workspaces', ...PARTITIONED_TABLES], 'access share');
  const tables = inFillingOrder(await listStoredTables(db), await listReferences(db));
  const gzip = createGzip();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  const writing = pipeline(gzip, file);
  // Heard again below; without this an early failure would count as unhandled.
  writing.catch(() => undefined);
  try {
    await write(gzip, {
      kind: 'header',
      format: BACKUP_FORMAT,
      ...(await readSchemaVersion(db)),
      createdAt: new Date(systemClock.now()).toISOString(),
    });
    for (const table of tables) {
      await write(gzip, { kind: 'table', ...table });
      for await (const chunk of readRows(db, table) as AsyncIterable<Buffer>) {
        await write(gzip, { kind: 'rows', bytes: chunk.length }, chunk);
      }
    }
    // Sequences stand outside transactions; read last, they are past every id of the snapshot.
    await write(gzip, { kind: 'sequences', sequences: await listSequences(db) });
    await write(gzip, { kind: 'end' });
    gzip.end();
    await writing;
  } catch (error) {
    throw file.errored === null ? error : unwritable(file.errored);
  }
  return tables.length;
}

/** The finished draft becomes the file; returns its size. */
async function putInPlace(draft: string, filePath: string): Promise<number> {
  try {
    await makeDurable(draft);
    await rename(draft, filePath);
    syncFolder(dirname(filePath));
    return (await stat(filePath)).size;
  } catch (cause) {
    throw unwritable(cause as NodeJS.ErrnoException);
  }
}

function unwritable(cause: Error): LinchpinError {
  return new LinchpinError('store.backup_unwritable', {
    message: `The backup cannot be written: ${cause.message}.`,
    field: 'file',
    cause,
  });
}

async function write(gzip: Gzip, record: BackupRecord, data?: Buffer): Promise<void> {
  gzip.write(toLine(record));
  if (data !== undefined) gzip.write(data);
  // `error` of the file destroys gzip, and `once` rejects with it.
  if (gzip.writableNeedDrain) await once(gzip, 'drain');
}

/** Throws unless the file begins like a backup: to be asked before a database is made for it. */
export async function assertBackup(filePath: string): Promise<void> {
  const parts = readBackup(filePath);
  await readHeader(filePath, parts);
  await parts.return(undefined);
}

/** Reads a backup into an empty database of the same schema. */
export async function restore(
  store: Pick<Store, 'pool'>,
  filePath: string,
): Promise<{ readonly tables: number }> {
  return withTransaction(store.pool, async (db) => ({ tables: await fillEmpty(db, filePath) }), {
    onFailure: 'disconnect',
  });
}

async function fillEmpty(db: PoolClient, filePath: string): Promise<number> {
  await db.query('select pg_advisory_xact_lock($1, 0)', [LOCK_CLASSES.migrations]);
  await db.query('select pg_advisory_xact_lock($1, 0)', [LOCK_CLASSES.maintenance]);
  const present = await listStoredTables(db);
  await lockTables(db, [...new Set(present.map(({ name, parent }) => parent ?? name))], 'access exclusive');
  await assertEmpty(db, present);
  return readInto(db, filePath, new Set(present.map(({ name }) => name)));
}

async function readInto(db: PoolClient, filePath: string, present: ReadonlySet<string>): Promise<number> {
  const parts = readBackup(filePath);
  assertSameSchema(await readHeader(filePath, parts), await readSchemaVersion(db));
  let tables = 0;
  let part = await nextPart(parts);
  while (part !== undefined) {
    const { record } = part;
    if (record.kind === 'table') {
      assertPlainNames(filePath, record);
      if (!present.has(record.name)) await makePartition(db, filePath, record);
      part = await fillTable(db, record, parts);
      tables += 1;
      continue;
    }
    if (record.kind === 'rows') throw unreadable(filePath, 'it has rows of no table');
    if (record.kind === 'sequences') for (const sequence of record.sequences) await setSequence(db, sequence);
    part = await nextPart(parts);
  }
  return tables;
}

async function readHeader(filePath: string, parts: AsyncIterator<BackupPart, void>): Promise<BackupHeader> {
  const record = (await nextPart(parts))?.record;
  if (record?.kind !== 'header') throw unreadable(filePath, 'it does not begin like one');
  return record;
}

/** Copies the rows that follow into a table, and returns the part after them. */
async function fillTable(
  db: PoolClient,
  table: StoredTable,
  parts: AsyncIterator<BackupPart, void>,
): Promise<BackupPart | undefined> {
  let following: BackupPart | undefined;
  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      following = await nextPart(parts);
      if (following?.record.kind !== 'rows') return;
      yield following.data;
    }
  }
  await pipeline(rows, writeRows(db, table));
  return following;
}

async function nextPart(parts: AsyncIterator<BackupPart, void>): Promise<BackupPart | undefined> {
  const { value } = await parts.next();
  return value ?? undefined;
}

// Names from the file become part of statements.
const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/;

function assertPlainNames(filePath: string, { name, columns }: StoredTable): void {
  if ([name, ...columns].every((text) => PLAIN_NAME.test(text))) return;
  throw unreadable(filePath, `it has a table ${name}, which is not known`);
}

async function makePartition(db: PoolClient, filePath: string, table: StoredTable): Promise<void> {
  const parent = PARTITIONED_TABLES.find((name) => name === table.parent) satisfies
    PartitionedTable | undefined;
  const partition = parent === undefined ? undefined : parsePartition(parent, table.name);
  if (partition === undefined) throw unreadable(filePath, `it has a table ${table.name}, which is not known`);
  await createPartition(db, partition, nextDay(partition.day));
}

async function assertEmpty(db: PoolClient, tables: readonly StoredTable[]): Promise<void> {
  for (const { name } of tables) {
    if (await hasRows(db, name)) {
      throw new LinchpinError('store.restore_not_empty', { message: `The table ${name} has rows already.` });
    }
  }
}

type BackupHeader = Extract<BackupRecord, { kind: 'header' }>;
type SchemaVersion = Pick<BackupHeader, 'migration' | 'schema'>;

async function readSchemaVersion(db: PoolClient): Promise<SchemaVersion> {
  const applied = await listAppliedMigrations(db);
  const hash = createHash('sha256');
  for (const { checksum } of applied) hash.update(checksum);
  return { migration: applied.at(-1)?.number ?? 0, schema: hash.digest('hex') };
}

function assertSameSchema(header: SchemaVersion & { readonly format: string }, own: SchemaVersion): void {
  if (header.format === BACKUP_FORMAT && header.schema === own.schema) return;
  throw new LinchpinError('store.backup_version', {
    message: `The backup has migration ${String(header.migration)} in the form ${header.format}; this database has ${String(own.migration)} in ${BACKUP_FORMAT}.`,
  });
}

/** Tables after those they refer to. */
function inFillingOrder(
  tables: readonly StoredTable[],
  references: readonly Reference[],
): readonly StoredTable[] {
  const ordered = new Map<string, StoredTable>();
  const byName = new Map(tables.map((table) => [table.name, table]));
  const place = (table: StoredTable, above: readonly string[]): void => {
    if (ordered.has(table.name)) return;
    for (const { target } of references.filter(({ table: name }) => name === table.name)) {
      const before = byName.get(target);
      // A table that refers to itself, or a ring, has no order; such rows go in as they come.
      if (before !== undefined && !above.includes(target) && target !== table.name)
        place(before, [...above, table.name]);
    }
    ordered.set(table.name, table);
  };
  for (const table of tables) place(table, []);
  return [...ordered.values()];
}

async function makeDurable(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
