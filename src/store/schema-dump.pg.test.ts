import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { MIGRATIONS_FOLDER } from './migrate.ts';
import { ensurePartitions } from './partitions.ts';
import { dumpSchema } from './schema-dump.ts';

const database = withDatabase();

test('migrations/schema.sql is what the migrations make; `npm run schema` writes it', async () => {
  const golden = readFileSync(join(MIGRATIONS_FOLDER, 'schema.sql'), 'utf8').replaceAll('\r\n', '\n');
  expect(await dumpSchema(database.pool)).toBe(golden);
});

test('day partitions do not show', async () => {
  const before = await dumpSchema(database.pool);
  await ensurePartitions(database.pool, Date.parse('2033-01-01'));
  expect(await dumpSchema(database.pool)).toBe(before);
});

test('whatever is changed shows', async () => {
  const before = await dumpSchema(database.pool);
  await database.pool.query(`
    create index extra_index on workspaces (created_at);
    alter table workspaces add column extra_column text default 'x';
    alter table workspaces add constraint extra_constraint check (name <> 'x');
    create sequence extra_sequence;
    create function extra_function() returns integer language sql as 'select 1'`);
  const added = (await dumpSchema(database.pool)).split('\n').filter((line) => !before.includes(line));
  for (const kind of ['index', 'column', 'constraint', 'sequence', 'function']) {
    expect(
      added.filter((line) => line.includes(`extra_${kind}`)),
      kind,
    ).toHaveLength(1);
  }
});
