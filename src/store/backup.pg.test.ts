import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDatabase, withDatabase } from '../../test/support/database.ts';
import { makeTemporaryFolder, removeFolder } from '../../test/support/temporary-folder.ts';
import { assertBackup, backup, restore } from './backup.ts';
import { ensurePartitions } from './partitions.ts';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { appendEvents } from './queries/events.ts';
import { ensureWorkspace } from './queries/workspaces.ts';

const database = withDatabase();
let folder: string;
let file: string;
let workspaceId: number;

// What text form could trip over: escapes, line ends, tabs, its end mark, and letters beyond ASCII.
const AWKWARD = ['\\.', '\\N', 'tab\there', 'line\nend', 'carriage\r', '"quoted"', 'Zoë 🎈'];

beforeAll(async () => {
  folder = makeTemporaryFolder();
  file = join(folder, 'backup.gz');
  workspaceId = await ensureWorkspace(database.pool, 'acme');
  await ensureWorkspace(database.pool, 'other');
  await append(database.pool, AWKWARD);
  // An old day, whose partition a new database does not have.
  await ensurePartitions(database.pool, Date.parse('2025-02-28'), 0);
  await database.pool.query(
    `insert into attempts (workspace_id, day, connection, flow, action, started_at, duration_ms, first_position,
       last_position, delivered_count, skipped_count, retry_count, rejected_count, items, exchanges)
     values ($1, '2025-02-28', 'hubspot', 'f', 'a', now(), 5, 1, 2, 2, 0, 0, 0, '[]', '[]')`,
    [workspaceId],
  );
  await database.pool.query(
    `insert into sources (workspace_id, name, type, settings, secrets, credential_hash)
     values ($1, 'site', 'segment', '{"a": [1, null]}', 'v1.x.y', '\\x00ff')`,
    [workspaceId],
  );
  await backup(database, file);
});

afterAll(() => {
  removeFolder(folder);
});

function append(pool: Pool, ids: readonly string[]) {
  return appendEvents(
    pool,
    workspaceId,
    ids.map((messageId) => aNewEventRow({ messageId, name: messageId, personKey: messageId, slot: 1 })),
  );
}

async function contents(pool: Pool): Promise<unknown> {
  const tables = ['workspaces', 'sources', 'events', 'attempts'];
  const queries = tables.map((table) => pool.query(`select * from ${table} order by 1, 2`));
  return (await Promise.all(queries)).map(({ rows }) => rows as unknown);
}

test('a restored database holds exactly what was backed up, and goes on where it stood', async () => {
  const target = await makeDatabase();
  await restore(target, file);
  expect(await contents(target.pool)).toEqual(await contents(database.pool));
  expect(await append(target.pool, AWKWARD)).toMatchObject({ appendedCount: 0 });
  expect(await append(target.pool, ['later'])).toMatchObject({ appendedCount: 1 });
  const { rows } = await target.pool.query('select position from events order by position');
  expect(rows.at(-1)).toEqual({ position: AWKWARD.length + 1 });
  expect(await ensureWorkspace(target.pool, 'third')).toBe(3);
  await target.close();
});

test('a backup is readable by its owner only and replaces an earlier one whole', async () => {
  const first = readFileSync(file);
  const { bytes, tables } = await backup(database, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(bytes).toBe(statSync(file).size);
  expect(tables).toBeGreaterThan(10);
  expect(gunzipSync(readFileSync(file)).length).toBe(gunzipSync(first).length);
  expect(readdirSync(folder)).toEqual(['backup.gz']);
});

test('what is appended during a backup is in it whole or not at all', async () => {
  const busy = join(folder, 'busy.gz');
  const appends = Promise.all(
    Array.from({ length: 20 }, (_, n) => append(database.pool, [`${String(n)}-a`, `${String(n)}-b`])),
  );
  await Promise.all([backup(database, busy), appends]);
  const target = await makeDatabase();
  await restore(target, busy);
  const { rows } = await target.pool.query<{ halves: number }>(
    `select count(*) as halves from events where message_id ~ '^\\d+-[ab]$' group by split_part(message_id, '-', 1)`,
  );
  expect(rows.every(({ halves }) => halves === 2)).toBe(true);
  await target.close();
});

test('a database with rows is never restored into', async () => {
  await expect(restore(database, file)).rejects.toMatchObject({ code: 'store.restore_not_empty' });
});

test('a backup of another schema is refused', async () => {
  const text = gunzipSync(readFileSync(file)).toString('latin1');
  const other = join(folder, 'other-schema.gz');
  writeFileSync(other, gzipSync(Buffer.from(text.replace(/"schema":"..../, '"schema":"0000'), 'latin1')));
  const target = await makeDatabase();
  await expect(restore(target, other)).rejects.toMatchObject({ code: 'store.backup_version' });
  await target.close();
});

test.each([
  ['is cut in the middle', () => readFileSync(file).subarray(0, 900)],
  ['lacks its last record', () => gzipSync(gunzipSync(readFileSync(file)).subarray(0, -16))],
  [
    'is cut among the rows of a table',
    () => {
      const plain = gunzipSync(readFileSync(file));
      return gzipSync(plain.subarray(0, plain.indexOf('Zoë')));
    },
  ],
  ['is no gzip', () => Buffer.from('select 1;')],
  ['is another gzip', () => gzipSync('{"kind":"end"}\n')],
  ['is empty', () => Buffer.alloc(0)],
])('a file that %s is refused and leaves the database empty and usable', async (_what, makeContent) => {
  const broken = join(folder, 'broken.gz');
  writeFileSync(broken, makeContent());
  const target = await makeDatabase();
  await expect(restore(target, broken)).rejects.toMatchObject({ code: 'store.backup_unreadable' });
  expect((await target.pool.query('select from workspaces')).rowCount).toBe(0);
  await restore(target, file);
  await target.close();
});

test('rows that the database refuses undo the whole restore', async () => {
  const plain = gunzipSync(readFileSync(file)).toString('latin1');
  const broken = join(folder, 'doubled.gz');
  writeFileSync(broken, gzipSync(Buffer.from(plain.replace('2\tother', '1\tother'), 'latin1')));
  const target = await makeDatabase();
  await expect(restore(target, broken)).rejects.toThrow('workspaces_pkey');
  expect((await target.pool.query('select from workspaces')).rowCount).toBe(0);
  await target.close();
});

test('a table name from the file never becomes a statement', async () => {
  const plain = gunzipSync(readFileSync(file)).toString('latin1');
  const broken = join(folder, 'injected.gz');
  const injected = plain.replace('"name":"workspaces"', '"name":"workspaces; drop table flows; --"');
  expect(injected).not.toBe(plain);
  writeFileSync(broken, gzipSync(Buffer.from(injected, 'latin1')));
  const target = await makeDatabase();
  await expect(restore(target, broken)).rejects.toMatchObject({ code: 'store.backup_unreadable' });
  await target.close();
});

test('a backup that cannot be written leaves no file', async () => {
  await expect(backup(database, join(folder, 'no-such-folder', 'x.gz'))).rejects.toThrow('ENOENT');
  expect(existsSync(join(folder, 'no-such-folder'))).toBe(false);
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('a backup that cannot be written says so, and leaves nothing behind', async () => {
  const code = 'store.backup_unwritable';
  const before = readdirSync(folder);
  await expect(backup(database, join(folder, 'nowhere', 'backup.gz'))).rejects.toMatchObject({ code });
  await expect(backup(database, folder)).rejects.toMatchObject({ code });
  expect(readdirSync(folder)).toEqual(before);
});

test('a file that is no backup, or is not there, is told before there is a database for it', async () => {
  await assertBackup(file);
  const words = join(folder, 'words.gz');
  writeFileSync(words, gzipSync('{"kind":"words"}\n'));
  for (const path of [words, join(folder, 'nowhere.gz')]) {
    await expect(assertBackup(path)).rejects.toMatchObject({ code: 'store.backup_unreadable' });
  }
});
