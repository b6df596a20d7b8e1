import type { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { makeRecordedLog } from '../../test/support/recorded-log.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from '../kernel/clock.ts';
import { makePool } from './pool.ts';
import { EVERY_WORKSPACE, sendSignal, Signals } from './signals.ts';

const database = withDatabase();

function makeProcess(workspaceId: number) {
  const pool = makePool({
    connectionString: database.connectionString,
    applicationName: 'listener',
    connectionsMax: 2,
    log: makeRecordedLog(),
  });
  const errors: unknown[] = [];
  const signals = new Signals({
    pool,
    clock: systemClock,
    onError: (error) => errors.push(error),
  });
  const woken = { log: 0, control: 0, leases: 0, records: 0 };
  const details: string[] = [];
  for (const topic of ['log', 'control', 'leases', 'records'] as const) {
    signals.subscribe(topic, (heard, detail) => {
      if (heard !== workspaceId && heard !== EVERY_WORKSPACE) return;
      woken[topic] += 1;
      if (detail !== '') details.push(detail);
    });
  }
  onTestFinished(async () => {
    signals.close();
    await pool.end();
  });
  return { pool, signals, woken, details, errors };
}

const breakListeners = (pool: Pool) =>
  pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'listener' and datname = current_database()`,
  );

test('a signal wakes this process at once and others soon, and names its workspace', async () => {
  const [own, other, stranger] = [makeProcess(1), makeProcess(1), makeProcess(2)];
  await Promise.all([own, other, stranger].map(({ signals }) => signals.listen()));
  own.signals.publish('log', 1);
  expect(own.woken.log).toBe(1);
  await until(() => other.woken.log === 1);
  expect(stranger.woken).toEqual({ log: 0, control: 0, leases: 0, records: 0 });
  expect(other.woken.control).toBe(0);
});

test('a thousand signals within some milliseconds cost others one', async () => {
  const [own, other] = [makeProcess(3), makeProcess(3)];
  await Promise.all([own, other].map(({ signals }) => signals.listen()));
  for (let n = 0; n < 1_000; n += 1) own.signals.publish('log', 3);
  await until(() => other.woken.log > 0);
  expect(other.woken.log).toBeLessThanOrEqual(2);
});

test('details of a signal reach others, each once, however many there are', async () => {
  const [own, other] = [makeProcess(6), makeProcess(6)];
  await Promise.all([own, other].map(({ signals }) => signals.listen()));
  // More than one notification of PostgreSQL holds.
  const lines = Array.from(
    { length: 1_000 },
    (_, n) => `hubspot\tcontact\t${String(150_000_000_000 + n)}: ü`,
  );
  for (const line of [...lines, ...lines]) own.signals.publish('records', 6, line);
  await until(() => other.details.length >= lines.length);
  expect(other.details).toEqual(lines);
  expect(other.woken.log).toBe(0);
});

test('after its connection broke, a listener listens again, looks for what it missed, and holds one connection', async () => {
  const { pool, signals, woken, errors } = makeProcess(4);
  await signals.listen();
  await breakListeners(database.pool);
  await until(() => errors.length > 0);
  await until(() => woken.log === 1 && woken.control === 1 && woken.leases === 1);
  await sendSignal(database.pool, 'control', 4);
  await until(() => woken.control === 2);
  expect(pool.totalCount).toBe(1);
  expect(errors.length).toBe(1);
});

test('closing twice, or while the connection breaks, is quiet', async () => {
  const { pool, signals } = makeProcess(5);
  await signals.listen();
  const broken = breakListeners(database.pool);
  signals.close();
  await broken;
  signals.close();
  await until(() => pool.totalCount === 0);
  expect(pool.waitingCount).toBe(0);
});
