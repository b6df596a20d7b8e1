import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { Redacted } from '../kernel/redacted.ts';
import { ConnectionLogin } from './logins.ts';
import type { NewLogin } from './logins.ts';
import { upsertConnection, deleteConnection } from './queries/declared.ts';
import { suspendConnection } from './queries/suspensions.ts';
import { ensureWorkspace } from './queries/workspaces.ts';
import { Sealer } from './seal.ts';

const database = withDatabase();
const sealer = new Sealer(randomBytes(32));

let connectionCount = 0;

async function aConnection() {
  const workspaceId = await ensureWorkspace(database.pool, 'acme');
  connectionCount += 1;
  const name = `crm-${String(connectionCount)}`;
  await upsertConnection(database.pool, workspaceId, {
    name,
    connector: 'hubspot',
    settings: {},
    secrets: '',
    secretsFingerprint: '',
    delivery: {},
  });
  return { workspaceId, name, login: new ConnectionLogin(database.pool, sealer, { workspaceId, name }) };
}

function aLogin(more: Partial<NewLogin> = {}): NewLogin {
  return {
    clientId: 'app',
    accessToken: new Redacted('the-access-token'),
    refreshToken: new Redacted('the-refresh-token'),
    lifeMs: 1_800_000,
    renewInMs: 1_500_000,
    account: '1000001',
    scopes: ['oauth'],
    ...more,
  };
}

const someTokens = { ...aLogin(), accessToken: new Redacted('another-access-token') };

test('a login comes back as it was put, its times counted by the database', async () => {
  const { login } = await aConnection();
  expect(await login.load()).toBeUndefined();
  await login.put(aLogin());
  const loaded = await login.load();
  expect(loaded).toMatchObject({ clientId: 'app', version: 1, account: '1000001', scopes: ['oauth'] });
  expect(loaded?.accessToken.reveal()).toBe('the-access-token');
  expect(loaded?.refreshToken.reveal()).toBe('the-refresh-token');
  expect(loaded?.lifeMs).toBeGreaterThan(1_790_000);
  expect(loaded?.lifeMs).toBeLessThanOrEqual(1_800_000);
  expect(loaded?.renewInMs).toBeLessThanOrEqual(1_500_000);
});

test('a login whose master key is lost is replaced by a new one to the same account', async () => {
  const { workspaceId, name, login } = await aConnection();
  expect(await login.account()).toBeUndefined();
  await login.put(aLogin());
  const anew = new ConnectionLogin(database.pool, new Sealer(randomBytes(32)), { workspaceId, name });
  await expect(anew.load()).rejects.toMatchObject({ code: 'store.master_key_wrong' });
  expect(await anew.account()).toBe('1000001');
  await anew.put(aLogin());
  expect((await anew.load())?.refreshToken.reveal()).toBe('the-refresh-token');
});

test('no token is in the database in plain text', async () => {
  const { login } = await aConnection();
  await login.put(aLogin());
  const { rows } = await database.pool.query<{ row: string }>('select l::text as row from logins l');
  expect(rows.length).toBeGreaterThan(0);
  for (const { row } of rows) expect(row).not.toMatch(/the-access-token|the-refresh-token/);
});

test('of many who want to renew, one may, and the others may not until it has', async () => {
  const { login } = await aConnection();
  await login.put(aLogin());
  const claims = await Promise.all(Array.from({ length: 20 }, () => login.claimRenewal(1, 60_000)));
  const [claim, ...others] = claims.filter((each) => each !== undefined);
  expect(others).toEqual([]);
  expect(await login.saveRenewal('of nobody', someTokens)).toBe(false);
  expect(await login.saveRenewal(claim ?? '', someTokens)).toBe(true);
  expect((await login.load())?.accessToken.reveal()).toBe('another-access-token');
  expect(await login.claimRenewal(1, 60_000)).toBeUndefined();
  expect(await login.claimRenewal(2, 60_000)).toBeDefined();
});

test('a claim that is given back is free again, and one whose owner died becomes free by itself', async () => {
  const { login } = await aConnection();
  await login.put(aLogin());
  const first = (await login.claimRenewal(1, 60_000)) ?? '';
  expect(await login.releaseRenewal(first)).toBe(true);
  const ofDead = (await login.claimRenewal(1, 0)) ?? '';
  expect(await login.claimRenewal(1, 60_000)).toBeDefined();
  expect(await login.saveRenewal(ofDead, someTokens)).toBe(false);
  expect(await login.releaseRenewal(ofDead)).toBe(false);
  expect((await login.load())?.accessToken.reveal()).toBe('the-access-token');
});

test('a new login ends a renewal of the old one, and lets a suspended connection go on', async () => {
  const { login, workspaceId, name } = await aConnection();
  await login.put(aLogin());
  const claim = (await login.claimRenewal(1, 60_000)) ?? '';
  await suspendConnection(database.pool, workspaceId, name, { code: 'a.b', message: 'No.' });
  await login.put(aLogin({ accessToken: new Redacted('of-the-new-login') }));
  expect(await login.saveRenewal(claim, someTokens)).toBe(false);
  expect((await login.load())?.accessToken.reveal()).toBe('of-the-new-login');
  const { rows } = await database.pool.query(`select status from connections where name = $1`, [name]);
  expect(rows).toEqual([{ status: 'active' }]);
});

test('what is known of the limits of an account is forgotten with the login to another one only', async () => {
  const { login, workspaceId, name } = await aConnection();
  await login.put(aLogin());
  const limitCount = async (): Promise<unknown> => {
    const text = `select count(*) as count from limits where workspace_id = $1 and connection = $2`;
    return (await database.pool.query(text, [workspaceId, name])).rows[0] as unknown;
  };
  await database.pool.query(
    `insert into limits (workspace_id, connection, name, state) values ($1, $2, 'burst', '')`,
    [workspaceId, name],
  );
  await login.put(aLogin());
  expect(await limitCount()).toEqual({ count: 1 });
  await login.put(aLogin({ account: '1000002' }));
  expect(await limitCount()).toEqual({ count: 0 });
});

test('a login goes when it is deleted, and with its connection', async () => {
  const one = await aConnection();
  await one.login.put(aLogin());
  expect([await one.login.delete(), await one.login.delete()]).toEqual([true, false]);
  const two = await aConnection();
  await two.login.put(aLogin());
  await deleteConnection(database.pool, two.workspaceId, two.name);
  expect(await two.login.load()).toBeUndefined();
});
