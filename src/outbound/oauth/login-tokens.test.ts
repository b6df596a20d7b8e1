import { expect, test } from 'vitest';
import { makeManualClock } from '../../../test/support/manual-clock.ts';
import { Redacted } from '../../kernel/redacted.ts';
import type { AuthorizationCode } from '../../kit/index.ts';
import type { Answer } from '../exchange.ts';
import { tokenFailure } from '../failure.ts';
import type { HttpRequest } from '../http-client.ts';
import { makeRedact } from '../redaction.ts';
import { makeTestConnector } from '../../../test/support/test-connector.ts';
import type { LoginStore, NewTokens, StoredLogin } from './login-store.ts';
import { loginRenewInMs, LoginTokens } from './login-tokens.ts';

const AUTH: AuthorizationCode = {
  kind: 'authorization_code',
  clientId: 'app',
  clientSecret: new Redacted('app-secret'),
  authorizeUrl: 'https://vendor.example/authorize',
  tokenUrl: 'https://vendor.example/token',
  introspectUrl: 'https://vendor.example/token/introspect',
  revokeUrl: 'https://vendor.example/token/revoke',
  scopes: () => new Map(),
  readGrant: () => ({}),
  describeFailure: ({ body }) => ({ code: 'test.BAD', message: `No: ${JSON.stringify(body)}` }),
};

const HALF_AN_HOUR_MS = 1_800_000;
const network: Answer = { kind: 'network', code: 'timeout', message: 'No answer.' };

function answerOf(status: number, body: object): Answer {
  return { kind: 'response', text: '', response: { status, headers: {}, body } };
}

/** One row, as `src/store/logins.ts` keeps it. */
function makeStore(clock: { now: () => number }, login: Partial<StoredLogin> | undefined = {}) {
  let claimCount = 0;
  let claim: string | undefined;
  const row = {
    clientId: 'app',
    accessToken: new Redacted('access-0'),
    refreshToken: new Redacted('refresh-0'),
    version: 1,
    ...login,
    endsAtMs: clock.now() + (login?.lifeMs ?? HALF_AN_HOUR_MS),
    renewAtMs: clock.now() + (login?.renewInMs ?? 1_500_000),
  };
  const put = ({ accessToken, refreshToken, lifeMs, renewInMs }: NewTokens): void => {
    claim = undefined;
    row.version += 1;
    Object.assign(row, {
      accessToken,
      refreshToken,
      endsAtMs: clock.now() + lifeMs,
      renewAtMs: clock.now() + renewInMs,
    });
  };
  const store: LoginStore = {
    connection: 'crm',
    load: () =>
      Promise.resolve({
        ...row,
        lifeMs: row.endsAtMs - clock.now(),
        renewInMs: row.renewAtMs - clock.now(),
      }),
    claimRenewal: (version) => {
      if (claim !== undefined || version !== row.version) return Promise.resolve(undefined);
      claimCount += 1;
      claim = `claim-${String(claimCount)}`;
      return Promise.resolve(claim);
    },
    saveRenewal: (given, tokens) => {
      const isOurs = claim === given;
      if (isOurs) put(tokens);
      return Promise.resolve(isOurs);
    },
    releaseRenewal: (given) => {
      const isOurs = claim === given;
      if (isOurs) claim = undefined;
      return Promise.resolve(isOurs);
    },
  };
  return { store, put, row };
}

function makeTokens(login: Partial<StoredLogin> = {}, answers: (Answer | (() => Answer))[] = []) {
  const clock = makeManualClock(0);
  const kept = makeStore(clock, login);
  const requests: HttpRequest[] = [];
  const tokens = new LoginTokens({
    auth: AUTH,
    connectorId: 'test',
    store: kept.store,
    clock,
    failureOf: (answer, secrets) =>
      tokenFailure(answer, makeTestConnector(), makeRedact(secrets), AUTH.describeFailure),
    http: {
      send: (request) => {
        requests.push(request);
        const next = answers.shift() ?? network;
        return Promise.resolve(typeof next === 'function' ? next() : next);
      },
    },
  });
  const obtain = async (refused?: string) => {
    const obtained = await tokens.obtain(refused === undefined ? undefined : new Redacted(refused));
    return obtained.kind === 'token' ? obtained.token.reveal() : obtained.failure;
  };
  return { obtain, clock, requests, ...kept };
}

const GIVEN = answerOf(200, { access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 1_800 });
const DUE = { lifeMs: 299_000, renewInMs: -1_000 };

test('a token is renewed five minutes before its end, and in the second half of its life at the earliest', () => {
  expect(loginRenewInMs(HALF_AN_HOUR_MS)).toBe(1_500_000);
  expect(loginRenewInMs(60_000)).toBe(30_000);
});

test('a token that is not due is used without asking anybody', async () => {
  const { obtain, requests } = makeTokens();
  expect(await obtain()).toBe('access-0');
  expect(requests).toHaveLength(0);
});

test('a token that is due is renewed by form, and whatever comes back is kept', async () => {
  const { obtain, requests, row } = makeTokens(DUE, [GIVEN]);
  expect(await obtain()).toBe('access-1');
  expect(row.refreshToken.reveal()).toBe('refresh-1');
  expect(requests[0]).toMatchObject({ method: 'POST', url: AUTH.tokenUrl });
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'refresh-0',
    client_id: 'app',
    client_secret: 'app-secret',
  });
});

test('a vendor that gives no new refresh token leaves the old one in force', async () => {
  const { obtain, row } = makeTokens(DUE, [answerOf(200, { access_token: 'access-1', expires_in: 1_800 })]);
  await obtain();
  expect(row.refreshToken.reveal()).toBe('refresh-0');
});

test('a token that the vendor refused is renewed though its time is not up', async () => {
  const { obtain } = makeTokens({}, [GIVEN]);
  expect(await obtain('access-0')).toBe('access-1');
});

test('a token that was refused and that another process renewed already is not renewed again', async () => {
  const { obtain, requests } = makeTokens();
  expect(await obtain('access-older')).toBe('access-0');
  expect(requests).toHaveLength(0);
});

test('while another process renews, the old token is used on as long as it holds', async () => {
  const { obtain, store, requests } = makeTokens(DUE);
  await store.claimRenewal(1, 1_000);
  expect(await obtain()).toBe('access-0');
  expect(requests).toHaveLength(0);
});

test('without a token that holds, the one that another process brings is waited for', async () => {
  const { obtain, store, clock, requests } = makeTokens({ lifeMs: 0, renewInMs: -1 });
  const claim = (await store.claimRenewal(1, 1_000)) ?? '';
  const obtaining = obtain();
  await clock.advance(400);
  const [accessToken, refreshToken] = [new Redacted('access-9'), new Redacted('refresh-9')];
  await store.saveRenewal(claim, { accessToken, refreshToken, lifeMs: 1_000, renewInMs: 500 });
  await clock.advance(200);
  expect(await obtaining).toBe('access-9');
  expect(requests).toHaveLength(0);
});

test('one that never comes sends the inputs back to wait', async () => {
  const { obtain, store, clock } = makeTokens({ lifeMs: 0, renewInMs: -1 });
  await store.claimRenewal(1, 1_000);
  const obtaining = obtain();
  for (let looks = 0; looks < 130; looks += 1) await clock.advance(200);
  expect(await obtaining).toMatchObject({ kind: 'retry', fault: { code: 'test.login_busy' } });
});

test.each([
  ['no answer', network, 'retry'],
  ['a fault of the vendor', answerOf(503, {}), 'retry'],
  ['a limit', answerOf(429, {}), 'deferred'],
])('%s is tried again later, and the old token used while it holds', async (_, answer, kind) => {
  const held = makeTokens(DUE, [answer, GIVEN]);
  expect(await held.obtain()).toBe('access-0');
  expect(await held.obtain()).toBe('access-1');
  const ended = makeTokens({ lifeMs: 0, renewInMs: -1 }, [answer, GIVEN]);
  expect(await ended.obtain()).toMatchObject({ kind });
  expect(await ended.obtain()).toBe('access-1');
});

test('a refresh token that is refused breaks the connection, says how to mend it, and shows no token', async () => {
  const { obtain } = makeTokens(DUE, [answerOf(400, { refresh: 'refresh-0', access: 'access-0' })]);
  const failure = await obtain();
  expect(failure).toMatchObject({ kind: 'suspended', fault: { code: 'test.BAD', status: 400 } });
  expect(JSON.stringify(failure)).toContain('linchpin connections login crm');
  expect(JSON.stringify(failure)).not.toMatch(/refresh-0|access-0/);
});

test('somebody who logs in while the old login is being refused is not told of it', async () => {
  const fresh = { accessToken: new Redacted('access-n'), refreshToken: new Redacted('refresh-n') };
  const { obtain, put } = makeTokens(DUE, [
    () => {
      put({ ...fresh, lifeMs: HALF_AN_HOUR_MS, renewInMs: 1_500_000 });
      return answerOf(400, {});
    },
  ]);
  expect(await obtain()).toBe('access-n');
});

test('tokens that come after the claim has gone to another process are dropped for its own', async () => {
  const fresh = { accessToken: new Redacted('access-n'), refreshToken: new Redacted('refresh-n') };
  const { obtain, put, row } = makeTokens(DUE, [
    () => {
      put({ ...fresh, lifeMs: HALF_AN_HOUR_MS, renewInMs: 1_500_000 });
      return GIVEN;
    },
  ]);
  expect(await obtain()).toBe('access-n');
  expect(row.refreshToken.reveal()).toBe('refresh-n');
});

test('a login of another app is of no use, and says so', async () => {
  const { obtain } = makeTokens({ clientId: 'another' });
  expect(await obtain()).toMatchObject({ kind: 'suspended', fault: { code: 'test.login_of_other_app' } });
});

test('a store that is away is no reason to give anything up', async () => {
  const { obtain, store } = makeTokens();
  store.load = () => Promise.reject(new Error('connect ECONNREFUSED'));
  expect(await obtain()).toMatchObject({ kind: 'retry', fault: { code: 'test.login_unreadable' } });
});

test('before anybody logged in, the connection waits and says what to do', async () => {
  const { obtain, store } = makeTokens();
  store.load = () => Promise.resolve(undefined);
  const failure = await obtain();
  expect(failure).toMatchObject({ kind: 'suspended', fault: { code: 'test.login_missing' } });
  expect(JSON.stringify(failure)).toContain('linchpin connections login crm');
});
