/**
 * One PostgreSQL server for all test files, with a migrated database to clone: the embedded one with the
 * durability of production, or, with TEST_DATABASE_URL, one that is there already.
 */
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { systemClock } from '../../src/kernel/clock.ts';
import { Redacted } from '../../src/kernel/redacted.ts';
import { loadMigrations, migrate } from '../../src/store/migrate.ts';
import { ensurePartitions } from '../../src/store/partitions.ts';
import { openStore } from '../../src/store/store.ts';
import { makeRecordedLog } from './recorded-log.ts';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly postgresUrl: string;
    /** The migrated database that `makeDatabase` clones. */
    readonly templateDatabase: string;
    readonly isExternalPostgres: boolean;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(process.env['TEST_DATABASE_URL']);
  const template = `linchpin_template_${String(process.pid)}_${project.name}`;
  await recreateDatabase(server.url, template);
  await fillTemplate(server.url, template);
  project.provide('postgresUrl', server.url);
  project.provide('templateDatabase', template);
  project.provide('isExternalPostgres', server.isExternal);
  return async () => {
    await query(server.url, `drop database if exists ${template} with (force)`);
    await server.close();
  };
}

interface Server {
  readonly url: string;
  readonly isExternal: boolean;
  readonly close: () => Promise<void>;
}

async function startServer(externalUrl: string | undefined): Promise<Server> {
  if (externalUrl !== undefined && externalUrl !== '') {
    return { url: externalUrl, isExternal: true, close: () => Promise.resolve() };
  }
  const dataDir = makeTemporaryFolder();
  const store = await openStore({ dataDir, access: 'own', log: makeRecordedLog() });
  return {
    url: store.connectionString.reveal(),
    isExternal: false,
    close: async () => {
      await store.close();
      removeFolder(dataDir);
    },
  };
}

async function fillTemplate(serverUrl: string, template: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: toUrlOf(serverUrl, template).reveal(), max: 1 });
  try {
    await migrate(pool, await loadMigrations());
    await ensurePartitions(pool, systemClock.now());
  } finally {
    await pool.end();
  }
}

/** The same server, another database. */
export function toUrlOf(serverUrl: string, database: string): Redacted {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return new Redacted(url.href);
}

async function recreateDatabase(serverUrl: string, name: string): Promise<void> {
  await query(serverUrl, `drop database if exists ${name} with (force)`);
  await query(serverUrl, `create database ${name} encoding 'UTF8' locale 'C' template template0`);
}

/** One statement on a connection of its own. */
export async function query(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
