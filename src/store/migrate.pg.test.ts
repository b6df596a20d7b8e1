import { expect, test } from 'vitest';
import { makeDatabase } from '../../test/support/database.ts';
import { loadMigrations, migrate } from './migrate.ts';
import type { Migration } from './migrate.ts';
import { listAppliedMigrations } from './queries/migrations.ts';

function aMigration(number: number, sql: string): Migration {
  return { number, name: `step_${String(number)}`, checksum: `sum of ${sql}`, sql };
}

test('a migrated database has nothing pending, and says so each time', async () => {
  const { pool, close } = await makeDatabase();
  expect(await migrate(pool, await loadMigrations())).toEqual([]);
  await close();
});

test('ten concurrent starts apply each migration once', async () => {
  const databases = await makeDatabase({ from: 'empty' });
  const migrations = [aMigration(1, 'create table a (n integer)'), aMigration(2, 'insert into a values (1)')];
  const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(databases.pool, migrations)));
  expect(applied.flat().map(({ number }) => number)).toEqual([1, 2]);
  const { rows } = await databases.pool.query('select n from a');
  expect(rows).toEqual([{ n: 1 }]);
  await databases.close();
});

test('a failing migration leaves no trace, keeps those before it, and names its reason', async () => {
  const { pool, close } = await makeDatabase({ from: 'empty' });
  const migrations = [aMigration(1, 'create table a ()'), aMigration(2, 'create table b (); select 1 / 0')];
  await expect(migrate(pool, migrations)).rejects.toMatchObject({
    code: 'store.migration_failed',
    message: expect.stringContaining('division by zero') as string,
  });
  expect((await listAppliedMigrations(pool)).map(({ number }) => number)).toEqual([1]);
  const { rows } = await pool.query(`select to_regclass('b') as b`);
  expect(rows).toEqual([{ b: null }]);
  await expect(
    migrate(pool, [aMigration(1, 'create table a ()'), aMigration(2, 'create table b ()')]),
  ).resolves.toHaveLength(1);
  await close();
});

test('a migration that was edited after it was applied is refused', async () => {
  const { pool, close } = await makeDatabase({ from: 'empty' });
  await migrate(pool, [aMigration(1, 'create table a ()')]);
  await expect(migrate(pool, [aMigration(1, 'create table a (n integer)')])).rejects.toMatchObject({
    code: 'store.migration_changed',
  });
  await close();
});

test('a database that a newer version has migrated is refused', async () => {
  const { pool, close } = await makeDatabase({ from: 'empty' });
  await migrate(pool, [aMigration(1, 'create table a ()'), aMigration(2, 'create table b ()')]);
  await expect(migrate(pool, [aMigration(1, 'create table a ()')])).rejects.toMatchObject({
    code: 'store.database_newer',
  });
  await close();
});

test('the files are numbered without a gap or a double', async () => {
  const numbers = (await loadMigrations()).map(({ number }) => number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});
