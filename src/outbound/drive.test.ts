import { expect, test } from 'vitest';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import { alone, claim, send } from '../kit/index.ts';
import type { Steps } from '../kit/index.ts';
import type { Sent } from './connection-client.ts';
import { drive } from './drive.ts';
import type { Driven } from './drive.ts';
import type { Claimant } from './limit-kind.ts';
import { Patience } from './patience.ts';
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
  expect(await claims.claim(['a', 'b'], new AbortController().signal)).toMatchObject({ waited: false });
});

test('a generator that waits for what another holds stops with its reader, and leaves nothing claimed', async () => {
  const claims = new RecordClaims();
  const { signal } = new AbortController();
  const holder = await claims.claim(['a'], signal);
  const stop = new AbortController();
  function* claiming(): Steps<void> {
    yield* claim(['a', 'b']);
    yield* send(call);
  }
  const parts = {
    client: { send: () => Promise.resolve(OK) },
    claims,
    signal: stop.signal,
    onExchange: () => undefined,
  };
  const driven = drive(claiming(), parts);
  stop.abort();
  expect(await driven).toEqual({ kind: 'aborted' });
  expect(await claims.claim(['b'], signal)).toMatchObject({ waited: false });
  holder?.release();
  expect(await claims.claim(['a'], signal)).toMatchObject({ waited: false });
});

test('whoever asks within one scope claims the same records, and within another different ones', async () => {
  const claims = new RecordClaims();
  const { signal } = new AbortController();
  const order: string[] = [];
  const held = await claims.within(1, 'crm').claim(['a'], signal);
  expect(await claims.within(1, 'mail').claim(['a'], signal)).toMatchObject({ waited: false });
  expect(await claims.within(2, 'crm').claim(['a'], signal)).toMatchObject({ waited: false });
  const other = claims
    .within(1, 'crm')
    .claim(['a'], signal)
    .then((granted) => order.push(`granted, waited: ${String(granted?.waited)}`));
  await Promise.resolve();
  order.push('released');
  held?.release();
  await other;
  expect(order).toEqual(['released', 'granted, waited: true']);
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

/** Drives steps of a replay at a vendor that has no room for replays; who called, and what became of it. */
function driveBehindLive<T>(steps: Steps<T>, claims = new RecordClaims(), roomCount = 0) {
  const clock = makeManualClock(0);
  const patience = new Patience(clock);
  const stop = new AbortController();
  const claimants: Claimant[] = [];
  const driven = drive(steps, {
    client: {
      send: async (_call, signal, claimant) => {
        if (claimant === undefined) throw new TypeError('A replay must say who it is.');
        claimants.push(claimant);
        const isBehind = claimant.isHurried !== true && claimants.length > roomCount;
        if (!isBehind) return OK;
        await clock.sleep(Infinity, signal);
        return undefined;
      },
    },
    claims,
    signal: stop.signal,
    claimant: { priority: 'replay', rateShare: 1 },
    patience,
    onExchange: () => undefined,
  });
  const stopNow = (): void => {
    stop.abort();
    patience.end();
  };
  return { clock, patience, claimants, driven, stopNow };
}

function* twoCalls(): Steps<string> {
  yield* send(call);
  yield* send(call);
  return 'through';
}

test('a replay of which nothing has left is given up after some seconds, or when the replay stops', async () => {
  const late = driveBehindLive(twoCalls());
  await late.clock.advance(60_000);
  expect(await late.driven).toEqual({ kind: 'held back' });
  expect(late.claimants).toHaveLength(1);
  const stopped = driveBehindLive(twoCalls());
  stopped.patience.end();
  expect(await stopped.driven).toEqual({ kind: 'held back' });
  expect(stopped.clock.now()).toBe(0);
});

test('a replay that has made a call is brought to its end among the live ones', async () => {
  const begun = driveBehindLive(twoCalls(), new RecordClaims(), 1);
  await begun.clock.advance(60_000);
  expect(await begun.driven).toEqual({ kind: 'returned', result: 'through' });
  expect(begun.claimants.map(({ priority, isHurried = false }) => [priority, isHurried])).toEqual([
    ['replay', false],
    ['replay', false],
    ['replay', true],
  ]);
});

test('a replay that is stopped with its worker is neither given up nor hurried', async () => {
  const { driven, stopNow, claimants } = driveBehindLive(twoCalls());
  stopNow();
  expect(await driven).toEqual({ kind: 'aborted' });
  expect(claimants.every(({ isHurried }) => isHurried !== true)).toBe(true);
});

test('nothing live waits for a replay that waits: what a replay has for itself it uses among the live ones', async () => {
  const claims = new RecordClaims();
  function* claiming(): Steps<boolean> {
    const waited = yield* claim(['a']);
    yield* send(call);
    return waited;
  }
  const room = driveBehindLive(
    alone('fields', () => send(call)),
    claims,
  );
  const records = driveBehindLive(claiming(), claims);
  expect(await driveWith(alone('fields', twoCalls), claims, OK, OK)).toMatchObject({ result: 'through' });
  expect(await driveWith(claiming(), claims, OK)).toMatchObject({ kind: 'returned' });
  expect(await room.driven).toMatchObject({ kind: 'returned' });
  expect(await records.driven).toEqual({ kind: 'returned', result: false });
  expect(room.clock.now() + records.clock.now()).toBe(0);
});
