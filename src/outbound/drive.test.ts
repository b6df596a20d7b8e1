import { expect, test } from 'vitest';
import { alone, claim, send } from '../kit/index.ts';
import type { Steps } from '../kit/index.ts';
import type { Sent } from './connection-client.ts';
import { drive } from './drive.ts';
import type { Driven } from './drive.ts';
import { RecordClaims } from './record-claims.ts';

const exchange = {
  method: 'GET',
  url: '/',
  requestBody: '',
  startedAt: '2026-11-21T12:00:00.000Z',
  durationMs: 0,
};
const OK: Sent = { kind: 'response', response: { status: 200, headers: {}, body: 'ok' }, exchange };
const FAILED: Sent = { kind: 'failed', failure: { kind: 'retry', fault: { code: 'x', message: 'x' } } };

function driveWith<T>(
  steps: Steps<T>,
  claims: RecordClaims,
  ...answers: (Sent | undefined)[]
): Promise<Driven<T>> {
  return drive(steps, {
    client: { send: () => Promise.resolve(answers.shift()) },
    claims,
    signal: new AbortController().signal,
    onExchange: () => undefined,
  });
}

const call = { method: 'GET', path: '/' } as const;

test('the first call that fails ends the generator, which may clean up', async () => {
  let isCleaned = false;
  function* steps(): Steps<string> {
    try {
      yield* send(call);
      yield* send(call);
      return 'through';
    } finally {
      isCleaned = true;
    }
  }
  expect(await driveWith(steps(), new RecordClaims(), OK, FAILED)).toMatchObject({ kind: 'failed' });
  expect(isCleaned).toBe(true);
  expect(await driveWith(steps(), new RecordClaims(), OK, undefined)).toEqual({ kind: 'aborted' });
});

test('whoever claims what another holds waits, is told so, and gets it when the other is through', async () => {
  const claims = new RecordClaims();
  const order: string[] = [];
  function* steps(name: string, keys: readonly string[]): Steps<boolean> {
    const waited = yield* claim(keys);
    order.push(`${name} in`);
    yield* send(call);
    order.push(`${name} out`);
    return waited;
  }
  const results = await Promise.all([
    driveWith(steps('first', ['a', 'b']), claims, OK),
    driveWith(steps('second', ['b', 'c']), claims, OK),
    driveWith(steps('third', ['z']), claims, OK),
  ]);
  expect(results.map((driven) => driven.kind === 'returned' && driven.result)).toEqual([false, true, false]);
  expect(order.indexOf('second in')).toBeGreaterThan(order.indexOf('first out'));
  expect(order.indexOf('third in')).toBeLessThan(order.indexOf('first out'));
});

test('a generator that fails, throws or claims twice leaves no record claimed', async () => {
  const claims = new RecordClaims();
  function* failing(): Steps<void> {
    yield* claim(['a']);
    yield* send(call);
  }
  function* throwing(): Steps<void> {
    yield* claim(['a']);
    throw new TypeError('no such field');
  }
  function* claimingTwice(): Steps<void> {
    yield* claim(['a']);
    yield* claim(['b']);
  }
  await driveWith(failing(), claims, FAILED);
  await expect(driveWith(throwing(), claims)).rejects.toThrow('no such field');
  await expect(driveWith(claimingTwice(), claims)).rejects.toThrow('claimed twice');
  expect((await claims.claim(['a', 'b'])).waited).toBe(false);
});

test('what needs to be done once is done once, and the others go on when it is done', async () => {
  const claims = new RecordClaims();
  let isMade = false;
  let isThrough = false;
  function* steps(): Steps<string> {
    const made = yield* alone('fields', function* () {
      if (isMade) return 'found';
      yield* send(call);
      isMade = true;
      return 'made';
    });
    // Nobody is alone any longer: this call may leave beside those of others.
    yield* send(call);
    isThrough = true;
    return made;
  }
  function* other(): Steps<boolean> {
    yield* alone('other fields', () => send(call));
    return isThrough;
  }
  const results = await Promise.all([
    driveWith(steps(), claims, OK, OK),
    driveWith(steps(), claims, OK),
    driveWith(other(), claims, OK),
  ]);
  expect(results.map((driven) => driven.kind === 'returned' && driven.result)).toEqual([
    'made',
    'found',
    false,
  ]);
});

test('a generator that fails while it is alone leaves room for the next, and none waits for another in there', async () => {
  const claims = new RecordClaims();
  const failing = (): Steps<unknown> => alone('fields', () => send(call));
  function* claiming(): Steps<void> {
    yield* alone('fields', function* () {
      yield* claim(['a']);
    });
  }
  const nested = (): Steps<unknown> => alone('fields', () => alone('more', () => send(call)));
  expect(await driveWith(failing(), claims, FAILED)).toMatchObject({ kind: 'failed' });
  await expect(driveWith(claiming(), claims)).rejects.toThrow('claimed while it was alone');
  await expect(driveWith(nested(), claims)).rejects.toThrow('asked to be alone');
  expect(await driveWith(failing(), claims, OK)).toMatchObject({ kind: 'returned' });
});
