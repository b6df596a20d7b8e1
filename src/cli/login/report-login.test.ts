import { expect, test } from 'vitest';
import { makeOutput } from '../output.ts';
import { reportLogin } from './report-login.ts';
import type { Login } from './report-login.ts';

const LOGIN: Login = {
  name: 'hubspot',
  grant: { account: '7', accountName: 'acme.com', user: 'ada@acme.com', scopes: ['oauth', 'a.read'] },
  accountBefore: undefined,
  wanted: new Map([
    ['oauth', ['upsert-contact']],
    ['a.read', ['upsert-contact']],
  ]),
};

async function report(more: Partial<Login> = {}, isJson = false) {
  let text = '';
  const keep = (part: string): void => {
    text += part;
  };
  const code = await reportLogin(makeOutput(isJson, { out: keep, err: keep }), { ...LOGIN, ...more });
  return { code, text };
}

test('a login says to which account, as whom, and with which scopes', async () => {
  const { code, text } = await report();
  expect(code).toBe(0);
  expect(text).toContain('Logged in to acme.com (account 7) as ada@acme.com');
  expect(text).toContain('Scopes granted: oauth, a.read');
  expect(text).not.toContain('missing');
});

test('a scope that was not granted is named with all that need it, and ends with the exit code of a check', async () => {
  const wanted = new Map([...LOGIN.wanted, ['a.write', ['upsert-contact', 'delete-contact']]]);
  const { code, text } = await report({ wanted });
  expect(code).toBe(5);
  expect(text).toContain('Scope a.write is missing, which is needed by upsert-contact, delete-contact');
  expect(JSON.parse((await report({ wanted }, true)).text)).toMatchObject({
    scopes: { missing: [{ scope: 'a.write', neededBy: ['upsert-contact', 'delete-contact'] }] },
  });
});

test('a vendor that does not list scopes is not taken to have refused any', async () => {
  const { code, text } = await report({ grant: { account: '7' } });
  expect(code).toBe(0);
  expect(text).toContain('Logged in to account 7');
  expect(text).toContain('does not tell which scopes');
});

test('a change of account is pointed out, and the same account is not', async () => {
  expect((await report({ accountBefore: '6' })).text).toContain('Before it was account 6');
  expect((await report({ accountBefore: '7' })).text).not.toContain('Before');
});
