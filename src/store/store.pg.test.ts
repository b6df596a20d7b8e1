import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { makeDatabase } from '../../test/support/database.ts';
import { makeRecordedLog } from '../../test/support/recorded-log.ts';
import { startStoreProcess } from '../../test/support/store-process.ts';
import type { StoreProcess } from '../../test/support/store-process.ts';
import { makeTemporaryFolder, removeFolder } from '../../test/support/temporary-folder.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { Redacted } from '../kernel/redacted.ts';
import { findStartMark } from './process-identity.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import { openStore } from './store.ts';
import type { OpenStore, Store } from './store.ts';

let root: string;
let dataDir: string;
let processes: StoreProcess[];

beforeEach(() => {
  root = makeTemporaryFolder();
  dataDir = join(root, 'a folder with spaces');
  processes = [];
});

afterEach(async () => {
  for (const process of processes) await process.stop();
  removeFolder(root);
});

function open(options: Partial<OpenStore> = {}): Promise<Store> {
  return openStore({ dataDir, access: 'own', log: makeRecordedLog(), ...options });
}

async function startOther(access: 'own' | 'attach' = 'own'): Promise<StoreProcess> {
  const other = await startStoreProcess(dataDir, access);
  processes.push(other);
  return other;
}

/** Opens, looks for the workspace that an earlier run committed, and closes. */
async function reopen(): Promise<readonly string[]> {
  const store = await open();
  try {
    const { rows } = await store.pool.query<{ name: string }>('select name from workspaces order by id');
    return rows.map(({ name }) => name);
  } finally {
    await store.close();
  }
}

async function commitWorkspace(name: string): Promise<void> {
  const store = await open({ access: 'attach' });
  await ensureWorkspace(store.pool, name);
  await store.close();
}

test('a store keeps what was committed, is durable, and starts again in under two seconds', async () => {
  const store = await open();
  expect(store.kind).toBe('embedded');
  await ensureWorkspace(store.pool, 'acme');
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums']) {
    expect((await store.pool.query(`show ${setting}`)).rows).toEqual([{ [setting]: 'on' }]);
  }
  expect((await store.pool.query('show server_encoding')).rows).toEqual([{ server_encoding: 'UTF8' }]);
  expect((await store.pool.query('show listen_addresses')).rows).toEqual([{ listen_addresses: '127.0.0.1' }]);
  await store.close();
  const startedMs = systemClock.now();
  expect(await reopen()).toEqual(['acme']);
  expect(systemClock.now() - startedMs).toBeLessThan(2_000);
});

test('closing leaves no process, no lock, and files that only the owner reads', async () => {
  const store = await open();
  const pids = store.pgProcessIds?.() ?? [];
  expect(pids.length).toBeGreaterThan(1);
  await store.close();
  expect(pids.filter((pid) => findStartMark(pid) !== undefined)).toEqual([]);
  expect(existsSync(join(dataDir, 'linchpin.lock'))).toBe(false);
  expect(statSync(join(dataDir, 'postgres-password')).mode & 0o077).toBe(0);
  expect(statSync(join(dataDir, 'postgres.log')).mode & 0o077).toBe(0);
});

test('numbers of the log come back as numbers, days as text, whatever the local time zone is', async () => {
  const { pool, close } = await makeDatabase();
  const { rows } = await pool.query(`select 9007199254740991::bigint as position, '2026-11-21'::date as day`);
  expect(rows).toEqual([{ position: 9007199254740991, day: '2026-11-21' }]);
  expect((await pool.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }]);
  await expect(pool.query('select 9007199254740993::bigint')).rejects.toThrow('does not fit a number');
  await close();
});

test('a folder that a live Linchpin holds is refused, naming the folder and the process', async () => {
  const other = await startOther();
  await expect(open()).rejects.toMatchObject({
    code: 'store.data_folder_in_use',
    message: `The data folder ${dataDir} is in use by another Linchpin, process ${String(other.pid)}.`,
  });
});

test('a command uses the server of the live Linchpin and leaves it running', async () => {
  const other = await startOther();
  await commitWorkspace('acme');
  const store = await open({ access: 'attach' });
  expect(store.connectionString.reveal()).toBe(other.url);
  expect(store.pgProcessIds).toBeUndefined();
  expect((await store.pool.query('select name from workspaces')).rows).toEqual([{ name: 'acme' }]);
  await store.close();
});

test('a command without a live Linchpin runs the server for as long as it needs it', async () => {
  await commitWorkspace('acme');
  expect(existsSync(join(dataDir, 'linchpin.lock'))).toBe(false);
  expect(await reopen()).toEqual(['acme']);
});

test('two commands at once share one server', async () => {
  const [first, second] = await Promise.all([startOther('attach'), startOther('attach')]);
  expect(first.url).toBe(second.url);
  expect([first, second].filter(({ serverPids }) => serverPids.length > 0)).toHaveLength(1);
});

test('whoever used the server of a Linchpin that was started again is told that it runs elsewhere', async () => {
  const first = await open();
  let lost: string | undefined;
  const attached = await open({
    access: 'attach',
    onLost: ({ code }) => {
      lost = code;
    },
  });
  await first.close();
  expect(lost).toBeUndefined();
  const second = await open();
  await until(() => lost === 'store.server_moved');
  await attached.close();
  await second.close();
});

test('after kill -9 of Linchpin the orphaned server is replaced and nothing committed is lost', async () => {
  const other = await startOther();
  await commitWorkspace('acme');
  await other.kill();
  const [postmaster] = other.serverPids;
  if (postmaster === undefined) throw new Error('No server was started.');
  expect(findStartMark(postmaster)).toBeDefined();
  expect(await reopen()).toEqual(['acme']);
  expect(findStartMark(postmaster)).toBeUndefined();
});

test('after kill -9 of Linchpin and the server the next start recovers', async () => {
  const other = await startOther();
  await commitWorkspace('acme');
  process.kill(postmasterPid(), 'SIGKILL');
  await other.kill();
  expect(await reopen()).toEqual(['acme']);
});

test('after kill -9 of Linchpin and all processes of the server the next start recovers', async () => {
  const other = await startOther();
  await commitWorkspace('acme');
  await other.kill();
  for (const pid of other.serverPids) killIfThere(pid);
  expect(await reopen()).toEqual(['acme']);
});

test('kill -9 of the server under a running Linchpin costs a pause and no commit', async () => {
  const store = await open();
  await ensureWorkspace(store.pool, 'acme');
  const killed = postmasterPid();
  process.kill(killed, 'SIGKILL');
  await until(() => store.pool.query('select 1').then(() => postmasterPid() !== killed), {
    timeoutMs: 10_000,
  });
  const { rows } = await store.pool.query('select name from workspaces');
  expect(rows).toEqual([{ name: 'acme' }]);
  await store.close();
});

test('a pid of an earlier run that now belongs to a stranger keeps nothing closed', async () => {
  await reopen();
  writeFileSync(
    join(dataDir, 'linchpin.lock'),
    JSON.stringify({ pid: process.pid, startMark: 'another boot:1', token: 'abc' }),
  );
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${String(process.pid)}\n${dataDir}\n1\n5432\n`);
  expect(await reopen()).toEqual([]);
});

test('a lock that a power failure emptied is taken over', async () => {
  await reopen();
  writeFileSync(join(dataDir, 'linchpin.lock'), '');
  expect(await reopen()).toEqual([]);
});

test('a first initialisation that was killed half-way is made again', async () => {
  mkdirSync(join(dataDir, 'postgres.unfinished-aB3xYz', 'cluster', 'base'), { recursive: true });
  writeFileSync(join(dataDir, 'postgres.unfinished-aB3xYz', 'cluster', 'PG_VERSION'), '18\n');
  expect(await reopen()).toEqual([]);
  expect(unfinished()).toEqual([]);
});

test('kill -9 during the first start leaves a folder that the next start can use', async () => {
  const starting = startOther();
  starting.catch(() => undefined); // Looked at below; until then it is no unhandled one.
  await until(() => unfinished().some((name) => existsSync(join(dataDir, name, 'cluster', 'global'))));
  const { pid } = JSON.parse(readFileSync(join(dataDir, 'linchpin.lock'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGKILL');
  await expect(starting).rejects.toThrow('did not open');
  expect(await reopen()).toEqual([]);
});

test('a server that cannot start says why, and gives the folder back', async () => {
  await reopen();
  writeFileSync(join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n');
  await expect(open()).rejects.toMatchObject({
    code: 'store.server_start_failed',
    message: expect.stringContaining('no_such_setting') as string,
  });
  expect(existsSync(join(dataDir, 'linchpin.lock'))).toBe(false);
});

test('a database of another major version is refused with the way out', async () => {
  await reopen();
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
  await expect(open()).rejects.toMatchObject({ code: 'store.cluster_version' });
});

test('DATABASE_URL uses that server, and migrates it', async () => {
  const { connectionString, close } = await makeDatabase({ from: 'empty' });
  const store = await open({ databaseUrl: connectionString });
  expect(store.kind).toBe('external');
  expect(await ensureWorkspace(store.pool, 'acme')).toBe(await ensureWorkspace(store.pool, 'acme'));
  await store.close();
  expect(existsSync(dataDir)).toBe(false);
  await close();
});

test('an unreachable DATABASE_URL is a clear error that does not show the password', async () => {
  const databaseUrl = new Redacted('postgres://someone:hush@127.0.0.1:1/linchpin');
  const error = await open({ databaseUrl }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 'store.unreachable',
    message: expect.stringContaining('ECONNREFUSED') as string,
  });
  expect(String(error)).not.toContain('hush');
});

test('a database that is not in UTF8 is refused', async () => {
  const { pool, connectionString, close } = await makeDatabase({ from: 'empty' });
  const url = new URL(connectionString.reveal());
  const name = `${url.pathname.slice(1)}_ascii`;
  await pool.query(`create database ${name} encoding 'SQL_ASCII' locale 'C' template template0`);
  url.pathname = `/${name}`;
  await expect(open({ databaseUrl: new Redacted(url.href) })).rejects.toMatchObject({
    code: 'store.server_unsuitable',
  });
  await pool.query(`drop database ${name} with (force)`);
  await close();
  expect(inject('postgresUrl')).not.toContain(name);
});

test('sessions that are not in UTC are refused, whoever changed them', async () => {
  const { connectionString, close } = await makeDatabase({ from: 'empty' });
  const url = new URL(connectionString.reveal());
  url.searchParams.set('options', '-c timezone=Europe/Berlin');
  await expect(open({ databaseUrl: new Redacted(url.href) })).rejects.toMatchObject({
    code: 'store.server_unsuitable',
    message: expect.stringContaining('Europe/Berlin') as string,
  });
  await close();
});

function unfinished(): readonly string[] {
  return existsSync(dataDir) ? readdirSync(dataDir).filter((name) => name.includes('unfinished')) : [];
}

function postmasterPid(): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

function killIfThere(pid: number): void {
  if (findStartMark(pid) !== undefined) process.kill(pid, 'SIGKILL');
}
