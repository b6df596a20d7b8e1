/**
 * How long it takes to tell the story of an event, of a person, and to list attempts and dead letters, with ten
 * million attempts on record: in batches of a hundred over thirty days, and a million that went one by one. The
 * log holds the events of the last three days.
 */
import { openStore } from '../../src/store/store.ts';
import { ensurePartitions } from '../../src/store/partitions.ts';
import { listDeadLetters } from '../../src/store/queries/dead-letters.ts';
import { listDeliveries, tellPerson, tellStory } from '../../src/delivery/index.ts';
import { makeWorkspace } from '../support/a-workspace.ts';
import { makeRecordedLog } from '../support/recorded-log.ts';
import { makeTemporaryFolder, removeFolder } from '../support/temporary-folder.ts';
import { makeTestConnector } from '../support/test-connector.ts';
import { percentile, report } from './measure.ts';
import type { Figures } from './measure.ts';

const POSITIONS = 9_000_000;
const EVENTS = 1_000_000;
const PEOPLE = 100_000;
const DEAD_LETTERS = 100_000;
const DAYS = 30;
const DAY_MS = 86_400_000;
const ROUNDS = 200;

const folder = makeTemporaryFolder();
const store = await openStore({ dataDir: folder, access: 'own', log: makeRecordedLog() });
const { pool } = store;

try {
  await ensurePartitions(pool, Date.now() - DAYS * DAY_MS, DAYS);
  const { workspace } = await makeWorkspace(pool, makeTestConnector());
  await fill(workspace.id);
  const { id } = workspace;
  const any = (count: number): number => Math.floor(Math.random() * count);
  const anyPosition = (): number => POSITIONS - any(EVENTS);
  const page = (): { after: number; limit: number } => ({ after: any(DEAD_LETTERS), limit: 100 });
  const figures: Figures = {
    ...(await measure('show', () => tellStory(pool, workspace, `event-${String(anyPosition())}`))),
    ...(await measure('people', () => tellPerson(pool, workspace, `person-${String(any(PEOPLE))}`, 20))),
    ...(await measure('people_by_address', () =>
      tellPerson(pool, workspace, `person-${String(any(PEOPLE))}@example.com`, 20),
    )),
    ...(await measure('list', () => listDeliveries(pool, id, { limit: 100 }))),
    ...(await measure('list_connection', () =>
      listDeliveries(pool, id, { connection: 'vendor', limit: 100 }),
    )),
    ...(await measure('list_rejected', () =>
      listDeliveries(pool, id, { connection: 'vendor', outcome: 'rejected', limit: 100 }),
    )),
    ...(await measure('dead_letters', () => listDeadLetters(pool, id, { status: 'open' }, page()))),
  };
  report('Milliseconds to explain, with ten million attempts on record', figures, [
    `${String(ROUNDS)} random questions each, one after another, by an attached pool; 1 kB events.`,
  ]);
} finally {
  await store.close();
  removeFolder(folder);
}

async function measure(name: string, ask: () => Promise<unknown>): Promise<Figures> {
  for (let warm = 0; warm < 10; warm += 1) await ask();
  const tookMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAtMs = performance.now();
    await ask();
    tookMs.push(performance.now() - startedAtMs);
  }
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return {
    [`explain_${name}_p50_ms`]: rounded(percentile(tookMs, 0.5)),
    [`explain_${name}_p99_ms`]: rounded(percentile(tookMs, 0.99)),
  };
}

async function fill(workspaceId: number): Promise<void> {
  const run = async (text: string): Promise<void> => {
    await pool.query(text, [workspaceId]);
  };
  // What is measured is reading.
  await pool.query('alter system set synchronous_commit = off');
  await pool.query('select pg_reload_conf()');
  const dayOf = (position: string): string =>
    `current_date - ((${String(POSITIONS)} - ${position})::bigint * ${String(DAYS)} / ${String(POSITIONS)})::integer`;
  const firstEvent = POSITIONS - EVENTS + 1;
  await run(
    `insert into events (position, workspace_id, day, slot, message_id, source, type, name, person_key, occurred_at, received_at, body)
     select n, $1, ${dayOf('n')}, n % 64, 'event-' || n, 'site', 'identify', null, 'person-' || n % ${String(PEOPLE)},
       now(), (${dayOf('n')})::timestamptz, '{"key":"person-' || n % ${String(PEOPLE)} || '","value":1,"traits":{"email":"person-' || n % ${String(PEOPLE)}
       || '@example.com"},"more":"' || repeat('x', 800) || '"}'
     from generate_series(${String(firstEvent)}, ${String(POSITIONS)}) as n`,
  );
  const attempts = `insert into attempts (workspace_id, day, connection, flow, action, started_at, duration_ms, first_position,
    last_position, delivered_count, skipped_count, retry_count, rejected_count, items, exchanges)`;
  const exchange = `'[{"method":"POST","url":"http://vendor/put","requestBody":"' || repeat(n || ' ', 400) || '","status":200,"durationMs":9}]'`;
  await run(
    `${attempts} select $1, ${dayOf('n')}, 'vendor', 'test/put', 'put', now(), 9, n, n + 99, 100, 0, 0, (n / 100 % 1000 = 0)::integer,
       (select '[' || string_agg('{"position":' || p || ',"eventId":"event-' || p || '","attempt":1,"outcome":"delivered","remoteId":"' || p || '"}', ',') || ']'
        from generate_series(n, n + 99) as p), ${exchange}
     from generate_series(1, ${String(POSITIONS)}, 100) as n`,
  );
  await run(
    `${attempts} select $1, ${dayOf('n')}, 'vendor', 'test/tell', 'tell', now(), 9, n, n, 1, 0, 0, 0,
       '[{"position":' || n || ',"eventId":"event-' || n || '","attempt":1,"outcome":"delivered"}]', ${exchange}
     from generate_series(${String(firstEvent)}, ${String(POSITIONS)}) as n`,
  );
  await run(
    `insert into dead_letters (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input,
       attempt_count, fault) select $1, 'vendor', 0, 'test/put', 'put', 'put a', n * 90, 'event-' || n, 'identify', '{}', 1, '{"code":"a.b"}'
     from generate_series(1, ${String(DEAD_LETTERS)}) as n`,
  );
  await pool.query('analyze');
}
