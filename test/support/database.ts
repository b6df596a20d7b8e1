/** A database of one's own for each test file, cloned from the migrated template. */
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Redacted } from '../../src/kernel/redacted.ts';
import { makePool } from '../../src/store/pool.ts';
import { query, toUrlOf } from './postgres-server.ts';
import { makeRecordedLog } from './recorded-log.ts';

export interface TestDatabase {
  readonly pool: Pool;
  readonly connectionString: Redacted;
  readonly close: () => Promise<void>;
}

export interface MakeDatabase {
  /** `migrated` clones the template; `empty` has no table at all. */
  readonly from?: 'migrated' | 'empty';
}

export async function makeDatabase({ from = 'migrated' }: MakeDatabase = {}): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = from === 'migrated' ? inject('templateDatabase') : `template0 encoding 'UTF8' locale 'C'`;
  await query(serverUrl, `create database ${name} template ${template}`);
  const connectionString = toUrlOf(serverUrl, name);
  const pool = makePool({
    connectionString,
    applicationName: 'test',
    connectionsMax: 10,
    log: makeRecordedLog(),
  });
  return {
    pool,
    connectionString,
    close: async () => {
      await pool.end();
      await query(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** A database for the tests of a file: made before the first, gone after the last. */
export function withDatabase(options: MakeDatabase = {}): Omit<TestDatabase, 'close'> {
  let database: TestDatabase | undefined;
  const get = (): TestDatabase => {
    if (database === undefined) throw new Error('The database is there only while tests run.');
    return database;
  };
  beforeAll(async () => {
    database = await makeDatabase(options);
  });
  afterAll(async () => {
    await database?.close();
  });
  return {
    get pool() {
      return get().pool;
    },
    get connectionString() {
      return get().connectionString;
    },
  };
}
