import { expect, test } from 'vitest';
import { makeDatabase, withDatabase } from '../../test/support/database.ts';
import { makeManualClock } from '../../test/support/manual-clock.ts';
import type { ReaderReport } from '../delivery/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { LinchpinError } from '../kernel/errors.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { assessReadiness } from './readiness.ts';
import type { Readiness, ReadinessCheck } from './readiness.ts';

const database = withDatabase();

function aReader(connection: string, state: ReaderReport['state']): ReaderReport {
  return {
    workspace: 'acme',
    workspaceId: 1,
    connection,
    shard: 0,
    state,
    epoch: 1,
    readPosition: undefined,
    head: 0,
  };
}

function makeWorker(readers: readonly ReaderReport[], isRegistered = true) {
  return { isRegistered, report: () => readers };
}

function find({ checks }: Readiness, name: string): ReadinessCheck | undefined {
  return checks.find((check) => check.name === name);
}

test('a process that can work is ready, and says what it looked at', async () => {
  await ensurePartitions(database.pool, systemClock.now());
  const worker = makeWorker([aReader('hubspot', 'reading')]);
  const ingest = { refusal: () => undefined };
  const readiness = await assessReadiness({ pool: database.pool, clock: systemClock, worker, ingest });
  expect(readiness.ready).toBe(true);
  expect(readiness.checks.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
    ['postgresql', true, 'answers'],
    ['migrations', true, 'none waiting'],
    ['partitions', true, 'today has its own'],
    ['worker', true, 'registered'],
    ['ingest', true, 'takes events in'],
    ['reader acme/hubspot', true, 'reading'],
  ]);
});

test('a missing partition, a lost registration and a full disk are told with what to do', async () => {
  const clock = { ...systemClock, now: () => systemClock.now() + 90 * 86_400_000 };
  const refusal = (): LinchpinError => new LinchpinError('ingest.disk_full', { message: '12 MB are free.' });
  const worker = makeWorker([], false);
  const readiness = await assessReadiness({ pool: database.pool, clock, worker, ingest: { refusal } });
  expect(readiness.ready).toBe(false);
  for (const name of ['partitions', 'worker', 'ingest']) {
    expect(find(readiness, name)?.ok).toBe(false);
    expect(find(readiness, name)?.remedy).toMatch(/\w+/);
  }
  expect(find(readiness, 'ingest')?.detail).toBe('12 MB are free.');
});

test('suspended connections and shards without a reader are told, and make nobody unready', async () => {
  await ensurePartitions(database.pool, systemClock.now());
  const worker = makeWorker([
    aReader('hubspot', 'suspended'),
    aReader('mailchimp', 'reading'),
    aReader('mailchimp', 'waiting'),
  ]);
  const readiness = await assessReadiness({ pool: database.pool, clock: systemClock, worker });
  expect(readiness.ready).toBe(true);
  expect(find(readiness, 'reader acme/hubspot')).toMatchObject({ ok: false, detail: 'suspended' });
  expect(find(readiness, 'reader acme/mailchimp')).toMatchObject({
    ok: false,
    detail: '1 of 2 shards reading, 1 of 2 shards waiting for a worker',
  });
});

test('a store that is not migrated is told apart from one that does not answer', async () => {
  const empty = await makeDatabase({ from: 'empty' });
  try {
    const readiness = await assessReadiness({ pool: empty.pool, clock: systemClock });
    expect(readiness.ready).toBe(false);
    expect(find(readiness, 'postgresql')?.ok).toBe(true);
    expect(find(readiness, 'migrations')).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^\d+ migrations waiting$/) as unknown,
    });
  } finally {
    await empty.close();
  }
});

test('a PostgreSQL that hangs makes the answer no later than three seconds', async () => {
  const clock = makeManualClock();
  const pool = { query: () => new Promise(() => undefined) } as unknown as typeof database.pool;
  const answer = assessReadiness({ pool, clock });
  await clock.advance(3_000);
  expect(find(await answer, 'postgresql')).toMatchObject({ ok: false, detail: 'no answer within 3 s' });
});
