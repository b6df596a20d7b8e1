// Migrates a database in a temporary folder and writes down what came of it.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS_FOLDER } from '../src/store/migrate.ts';
import { dumpSchema } from '../src/store/schema-dump.ts';
import { openStore } from '../src/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'linchpin-schema-'));
chmodSync(folder, 0o711); // Started as root, the server's user has to pass.
const ignore = (): void => undefined;
const log = { info: ignore, warn: ignore, error: ignore };
const target = join(MIGRATIONS_FOLDER, 'schema.sql');
try {
  const store = await openStore({ dataDir: folder, access: 'own', log });
  try {
    writeFileSync(target, await dumpSchema(store.pool));
  } finally {
    await store.close();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${target} is up to date.\n`);
