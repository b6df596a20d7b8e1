import { expect, test } from 'vitest';
import { withDatabase } from '../../../test/support/database.ts';
import { findSourceByCredential } from './sources.ts';
import { ensureWorkspace } from './workspaces.ts';

const database = withDatabase();

test('a source is found by the hash of its credential and by nothing else', async () => {
  const workspaceId = await ensureWorkspace(database.pool, 'acme');
  const credentialHash = Buffer.alloc(32, 7);
  await database.pool.query(
    `insert into sources (workspace_id, name, type, settings, secrets, credential_hash)
     values ($1, 'site', 'segment', '{}', 'sealed', $2)`,
    [workspaceId, credentialHash],
  );
  expect(await findSourceByCredential(database.pool, credentialHash)).toEqual({
    workspaceId,
    name: 'site',
    type: 'segment',
  });
  expect(await findSourceByCredential(database.pool, Buffer.alloc(32, 8))).toBeUndefined();
});
