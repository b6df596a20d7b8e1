import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeManualClock } from '../../../test/support/manual-clock.ts';
import { until } from '../../../test/support/until.ts';
import { Redacted } from '../../kernel/redacted.ts';
import { makeOutput } from '../output.ts';
import { listenForRedirect } from './redirect-listener.ts';
import { readRedirectUri } from './redirect-uri.ts';

const FREE = { text: 'http://localhost:0/oauth/callback', listen: { host: '127.0.0.1', port: 0 } };

async function makeListener() {
  const clock = makeManualClock();
  const listener = await listenForRedirect(FREE, clock);
  onTestFinished(() => {
    listener.close();
  });
  const authorization = {
    address: '',
    redirectUri: listener.uri,
    state: 'ours',
    verifier: new Redacted('v'),
  };
  // A promise that nobody awaits yet must not fail unheard.
  const code = listener.waitFor(authorization).then(
    (given) => given.reveal(),
    (error: unknown) => error,
  );
  const visit = async (path: string, method = 'GET'): Promise<number> => {
    const { port } = new URL(listener.uri);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    await answer.text();
    return answer.status;
  };
  return { code, visit, clock };
}

test('the browser that comes back with our state brings the code', async () => {
  const { code, visit } = await makeListener();
  expect(await visit('/oauth/callback?code=eu1-abc&state=ours')).toBe(200);
  expect(await code).toBe('eu1-abc');
});

test('whatever else comes is turned away, and the login goes on waiting', async () => {
  const { code, visit } = await makeListener();
  expect(await visit('/favicon.ico')).toBe(404);
  expect(await visit('/oauth/callback?code=x&state=ours', 'POST')).toBe(404);
  expect(await visit('/oauth/callback?code=stolen&state=theirs')).toBe(400);
  expect(await visit('/oauth/callback?error=access_denied')).toBe(400);
  expect(await visit('/oauth/callback?code=eu1-abc&state=ours')).toBe(200);
  expect(await code).toBe('eu1-abc');
});

test('a login that is refused on the page ends with what the page said', async () => {
  const { code, visit } = await makeListener();
  await visit('/oauth/callback?error=access_denied&error_description=No+thanks&state=ours');
  expect(await code).toMatchObject({ code: 'login.refused', message: 'The login was refused: No thanks' });
});

test('a login that nobody answers ends after ten minutes', async () => {
  const { code, clock } = await makeListener();
  await until(() => clock.sleeperCount === 1);
  await clock.advance(600_000);
  expect(await code).toMatchObject({ code: 'login.unanswered' });
});

test('a port that another program has is told, not passed over', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    other.close();
  });
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = { text: '', listen: { host: '127.0.0.1', port } };
  await expect(listenForRedirect(taken, makeManualClock())).rejects.toMatchObject({
    code: 'login.port_taken',
  });
});

const read = (flags: Record<string, string>) =>
  readRedirectUri({ args: [], flags, output: makeOutput(false) });

test.each([
  [{}, 'http://localhost:8400/oauth/callback', { host: '127.0.0.1', port: 8_400 }],
  [{ port: '4000' }, 'http://localhost:4000/oauth/callback', { host: '127.0.0.1', port: 4_000 }],
  [{ redirectUri: 'http://127.0.0.1:9/x' }, 'http://127.0.0.1:9/x', { host: '127.0.0.1', port: 9 }],
  [{ redirectUri: 'http://[::1]:9/x' }, 'http://[::1]:9/x', { host: '::1', port: 9 }],
  [{ redirectUri: 'http://localhost' }, 'http://localhost', { host: '127.0.0.1', port: 80 }],
  [{ redirectUri: 'https://crm.example.com/cb' }, 'https://crm.example.com/cb', undefined],
])('%j is the redirect address %s', (flags, text, listen) => {
  expect(read(flags)).toEqual({ text, listen });
});

test.each([
  [{ redirectUri: 'http://crm.example.com/cb' }],
  [{ redirectUri: 'https://crm.example.com/cb#x' }],
  [{ redirectUri: 'callback' }],
  [{ redirectUri: 'http://localhost:9/x', port: '9' }],
])('%j is no redirect address', (flags) => {
  expect(() => read(flags)).toThrow(expect.objectContaining({ code: 'login.redirect_invalid' }));
});
