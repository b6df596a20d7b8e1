import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeRecordedLog } from '../../../test/support/recorded-log.ts';
import { makeTemporaryFolder, removeFolder } from '../../../test/support/temporary-folder.ts';
import { ensureWorkspace } from '../queries/workspaces.ts';
import { openStore } from '../store.ts';
import type { OpenStore, Store } from '../store.ts';
import { findPackageFolder } from './binaries.ts';

let root: string;
let dataDir: string;
let log: ReturnType<typeof makeRecordedLog>;

beforeEach(() => {
  root = makeTemporaryFolder();
  dataDir = join(root, 'data');
  log = makeRecordedLog();
});

afterEach(() => {
  const elsewhere = placedElsewhere();
  if (elsewhere !== undefined) removeFolder(elsewhere);
  removeFolder(root);
});

function open(options: Partial<OpenStore> = {}): Promise<Store> {
  return openStore({ dataDir, access: 'own', log, ...options });
}

function placedElsewhere(): string | undefined {
  const pointer = join(dataDir, 'postgres-location.json');
  if (!existsSync(pointer)) return undefined;
  return (JSON.parse(readFileSync(pointer, 'utf8')) as { cluster: string }).cluster;
}

/** A copy of the package as npm leaves it with --ignore-scripts: without its links. */
function copyPackageWithoutLinks(): string {
  const copy = join(root, 'package');
  cpSync(findPackageFolder(), copy, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(copy, 'native', 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  for (const { target } of links) rmSync(join(copy, target), { force: true });
  return copy;
}

test('a package that npm installed without its scripts works', async () => {
  const store = await open({ packageFolder: copyPackageWithoutLinks() });
  expect(await ensureWorkspace(store.pool, 'acme')).toBe(1);
  await store.close();
});

const isRoot = process.getuid?.() === 0;
if (!isRoot)
  process.stderr.write('SKIPPED: what happens when root starts Linchpin is tested as root only.\n');

describe.skipIf(!isRoot)('started as root', () => {
  test('the server runs as nobody', async () => {
    const store = await open();
    const [pid] = store.pgProcessIds?.() ?? [];
    expect(statSync(`/proc/${String(pid)}`).uid).toBe(65534);
    await store.close();
  });

  test('a user that does not exist is refused by name', async () => {
    await expect(open({ serverUser: 'no-such-user' })).rejects.toMatchObject({
      code: 'store.server_user_unknown',
    });
  });

  test('in a folder closed to others the database is kept elsewhere, said once, and found again', async () => {
    chmodSync(root, 0o700);
    const first = await open();
    await ensureWorkspace(first.pool, 'acme');
    await first.close();
    const cluster = placedElsewhere() ?? '';
    expect(cluster).toMatch(/linchpin/);
    expect(
      log.messages.filter((message) => message.includes(cluster) && message.includes('cannot enter')),
    ).toHaveLength(1);
    expect(statSync(cluster).mode & 0o077).toBe(0);

    const again = await open();
    expect((await again.pool.query('select name from workspaces')).rows).toEqual([{ name: 'acme' }]);
    await again.close();
    expect(log.messages.filter((message) => message.includes('cannot enter'))).toHaveLength(1);
  });

  test('a database kept elsewhere that is gone is never replaced by an empty one', async () => {
    chmodSync(root, 0o700);
    await (await open()).close();
    removeFolder(placedElsewhere() ?? '');
    await expect(open()).rejects.toMatchObject({ code: 'store.cluster_missing' });
  });

  test('a first start elsewhere that was killed half-way is made again', async () => {
    chmodSync(root, 0o700);
    await (await open()).close();
    const pointer = join(dataDir, 'postgres-location.json');
    const text = readFileSync(pointer, 'utf8');
    removeFolder(placedElsewhere() ?? '');
    writeFileSync(pointer, text.replace('true', 'false'));
    const store = await open();
    expect(await ensureWorkspace(store.pool, 'acme')).toBe(1);
    await store.close();
  });

  test('programs in a closed folder are copied to where the server can run them', async () => {
    const hidden = join(root, 'closed');
    const packageFolder = join(hidden, 'package');
    const copy = copyPackageWithoutLinks();
    mkdirSync(hidden, { mode: 0o700 });
    renameSync(copy, packageFolder);
    const store = await open({ packageFolder });
    expect(await ensureWorkspace(store.pool, 'acme')).toBe(1);
    await store.close();
  });

  test('a database that an ordinary user made keeps its owner', async () => {
    await (await open({ serverUser: 'daemon' })).close();
    const store = await open();
    const [pid] = store.pgProcessIds?.() ?? [];
    expect(statSync(`/proc/${String(pid)}`).uid).toBe(statSync(join(dataDir, 'postgres')).uid);
    expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(65534);
    await store.close();
  });

  test('a database in place that the server cannot enter any more is refused with the way out', async () => {
    await (await open()).close();
    chmodSync(root, 0o700);
    await expect(open()).rejects.toMatchObject({ code: 'store.data_folder_unusable' });
    expect(readdirSync(dataDir)).not.toContain('postgres-location.json');
  });
});
