import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { withDatabase } from '../../test/support/database.ts';
import { connectors } from '../connectors/registry.ts';
import { applyDefinition } from '../flows/apply.ts';
import { makeRegistry } from '../flows/registry.ts';
import type { WorkspaceDefinition } from '../flows/workspace.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { insertDeadLetters } from '../store/queries/dead-letters.ts';
import { insertAttempts } from '../store/queries/attempts.ts';
import { appendEvents } from '../store/queries/events.ts';
import type { NewEventRow } from '../store/queries/events.ts';
import { insertRejectedEvents } from '../store/queries/rejected-events.ts';
import { suspendConnection } from '../store/queries/suspensions.ts';
import { insertWorker } from '../store/queries/workers.ts';
import { Sealer } from '../store/seal.ts';
import { examine } from './doctor.ts';
import type { Finding } from './finding.ts';

const database = withDatabase();
const OUTAGE = { code: 'hubspot.http_503', message: 'The vendor is down.' };
const IDENTIFY = {
  name: 'identify',
  preset: 'hubspot/identify',
  from: 'hubspot',
  to: 'hubspot',
  options: {},
};
const FAULT = { code: 'hubspot.EXPIRED_AUTHENTICATION', message: 'The token has expired.' };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function findings(clock: Clock = systemClock): Promise<ReadonlyMap<string, Finding>> {
  await ensurePartitions(database.pool, systemClock.now());
  const store = { kind: 'embedded', pool: database.pool } as const;
  const { findings: found } = await examine({ store, dataDir: '.', clock });
  return new Map(found.map((finding) => [finding.topic, finding]));
}

/** A workspace with one connection, `hubspot`, a flow to it, and a worker that reads. */
async function applyWorkspace(
  name: string,
  flows: WorkspaceDefinition['flows'] = [IDENTIFY],
): Promise<number> {
  const settings = { plan: 'free' };
  const { workspaceId } = await applyDefinition({
    pool: database.pool,
    sealer: new Sealer(randomBytes(32)),
    registry: makeRegistry(connectors),
    definition: {
      name,
      sources: [],
      connections: [{ name: 'hubspot', connector: 'hubspot', settings, secrets: { access_token: 't' } }],
      flows,
    },
  });
  const worker = {
    id: `worker of ${name}`,
    host: 'here',
    pid: 1,
    processMark: 'm',
    role: 'all',
    version: '0',
  };
  await insertWorker(database.pool, { ...worker, workspaceId });
  await database.pool.query('update cursors set owner = $1 where workspace_id = $2', [
    worker.id,
    workspaceId,
  ]);
  return workspaceId;
}

async function append(
  workspaceId: number,
  messageId: string,
  agoMs: number,
  event: Partial<NewEventRow> = {},
) {
  const receivedAt = new Date(systemClock.now() - agoMs).toISOString();
  await appendEvents(database.pool, workspaceId, [aNewEventRow({ messageId, receivedAt, ...event })]);
}

/** What a reader tells of its vendor. */
async function tell(workspaceId: number, name: 'vendor down' | 'vendor back', agoMs: number) {
  const body = JSON.stringify({ connection: 'hubspot', shard: 0, fault: OUTAGE });
  await append(workspaceId, `${name} ${String(agoMs)}`, agoMs, {
    type: 'connection',
    source: 'hubspot',
    personKey: '',
    name,
    body,
  });
}

test('a new store is fine, and asks for a configuration', async () => {
  const found = await findings();
  expect(found.get('workspace')?.level).toBe('look');
  const others = [...found.values()].filter(({ topic }) => topic !== 'workspace');
  expect(others.map(({ level }) => level)).toEqual(Array.from(others, () => 'fine'));
  expect(found.get('postgresql')?.text).toMatch(/^PostgreSQL \d+/);
});

test('a suspended connection must be acted on, with the fault that suspended it', async () => {
  const workspaceId = await applyWorkspace('suspended');
  await suspendConnection(database.pool, workspaceId, 'hubspot', FAULT);
  const finding = (await findings()).get('reader suspended/hubspot');
  expect(finding?.level).toBe('act');
  expect(finding?.text).toContain('The token has expired. (hubspot.EXPIRED_AUTHENTICATION)');
});

test('dead letters and rejected events are to be looked at', async () => {
  const workspaceId = await applyWorkspace('stuck');
  await insertDeadLetters(database.pool, { workspaceId, connection: 'hubspot' }, [
    {
      slot: 0,
      flow: 'f',
      action: 'upsert-contact',
      orderKey: 'a',
      position: 1,
      eventId: 'e',
      eventType: 'identify',
      input: '{}',
      attemptCount: 1,
      fault: FAULT,
      lastExchange: null,
    },
  ]);
  const receivedAt = new Date(systemClock.now()).toISOString();
  const rejected = { workspaceId, source: 'site', receivedAt, code: 'ingest.field_missing', field: null };
  await insertRejectedEvents(database.pool, [{ ...rejected, message: 'No.', body: '{}' }]);
  const found = await findings();
  expect(found.get('reader stuck/hubspot')).toMatchObject({
    level: 'look',
    text: '0 events behind, 0 parked, 1 dead letter',
  });
  expect(found.get('source stuck/site')).toMatchObject({
    level: 'look',
    text: '1 event rejected in the last day: ingest.field_missing',
  });
});

test('a missing partition and a wrong clock must be acted on', async () => {
  const later = systemClock.now() + 90 * 86_400_000;
  const found = await findings({ ...systemClock, now: () => later });
  expect(found.get('clock')?.level).toBe('act');
  expect(found.get('table events')).toMatchObject({ level: 'act', text: 'There is no partition for today.' });
  expect(found.get('table events')?.remedy).toContain('linchpin up');
});

test('how far a reader is behind, and since when, is told', async () => {
  const workspaceId = await applyWorkspace('late');
  await append(workspaceId, 'a', 2 * HOUR_MS);
  const finding = (await findings()).get('reader late/hubspot');
  expect(finding).toMatchObject({
    level: 'look',
    text: '1 event behind, the first for 2 hours, 0 parked, 0 dead letters',
  });
  expect(finding?.remedy).toContain('linchpin_limit_used');
});

test('a reader that is behind for a moment is fine', async () => {
  const workspaceId = await applyWorkspace('busy');
  await append(workspaceId, 'a', MINUTE_MS);
  expect((await findings()).get('reader busy/hubspot')).toMatchObject({
    level: 'fine',
    text: '1 event behind, the first for 1 minute, 0 parked, 0 dead letters',
  });
});

test.each([
  ['stopped', 'delete from workers where workspace_id = $1'],
  ['killed', `update workers set seen_at = now() - interval '1 minute' where workspace_id = $1`],
])('that no worker reads must be acted on, whether it was %s', async (name, end) => {
  const workspaceId = await applyWorkspace(name);
  await append(workspaceId, 'a', 0);
  await database.pool.query(end, [workspaceId]);
  const finding = (await findings()).get(`reader ${name}/hubspot`);
  expect(finding?.level).toBe('act');
  expect(finding?.text).toMatch(/^No worker reads\. 1 event behind/);
  expect(finding?.remedy).toContain('linchpin worker');
});

test('a shard that waits for a worker is looked at', async () => {
  const workspaceId = await applyWorkspace('waiting');
  await database.pool.query(
    `insert into cursors (workspace_id, connection, shard, position) values ($1, 'hubspot', 1, 0)`,
    [workspaceId],
  );
  const finding = (await findings()).get('reader waiting/hubspot');
  expect(finding).toMatchObject({ level: 'look' });
  expect(finding?.text).toMatch(/^1 of 2 shards wait for a worker\./);
});

test('a vendor that is down is told with its fault, until it is back or something was delivered', async () => {
  const workspaceId = await applyWorkspace('down');
  const reader = async () => (await findings()).get('reader down/hubspot');
  await tell(workspaceId, 'vendor down', 3 * MINUTE_MS);
  const finding = await reader();
  expect(finding?.level).toBe('look');
  expect(finding?.text).toMatch(
    /^Vendor down since \S+Z: The vendor is down\. \(hubspot\.http_503\)\. 1 event behind/,
  );
  expect(finding?.remedy).toContain('calls come back by themselves');
  await tell(workspaceId, 'vendor back', 2 * MINUTE_MS);
  expect(await reader()).toMatchObject({ level: 'fine' });
  await tell(workspaceId, 'vendor down', MINUTE_MS);
  expect(await reader()).toMatchObject({ level: 'look' });
  const startedAt = new Date(systemClock.now()).toISOString();
  const delivered = { flow: 'f', action: 'a', startedAt, durationMs: 1, firstPosition: 1, lastPosition: 1 };
  const counts = { deliveredCount: 1, skippedCount: 0, retryCount: 0, rejectedCount: 0 };
  await insertAttempts(database.pool, workspaceId, 'hubspot', [
    { ...delivered, ...counts, items: '[]', exchanges: '[]' },
  ]);
  expect(await reader()).toMatchObject({ level: 'fine' });
});

test('a connection to which no flow sends is told as not read, and is no reason to look', async () => {
  const workspaceId = await applyWorkspace('unused', []);
  await appendEvents(database.pool, workspaceId, [aNewEventRow({ messageId: 'a' })]);
  expect((await findings()).get('reader unused/hubspot')).toMatchObject({
    level: 'fine',
    text: 'Not read, because no flow sends to it, 0 parked, 0 dead letters',
  });
});

test('the oldest day that somebody needs is named with who needs it, and looked at when it is old', async () => {
  const workspaceId = await applyWorkspace('slow');
  const old = systemClock.now() - 10 * 86_400_000;
  await ensurePartitions(database.pool, old, 0);
  const day = new Date(old).toISOString().slice(0, 10);
  await database.pool.query(
    `insert into events (position, workspace_id, day, slot, message_id, source, type, person_key, occurred_at, received_at, body)
     values (900000, $1, $2, 0, 'm', 'site', 'track', 'k', now(), now(), '{}')`,
    [workspaceId, day],
  );
  const finding = (await findings()).get('retention');
  expect(finding).toMatchObject({
    level: 'look',
    text: `The oldest day that is needed is ${day}: hubspot of slow has not finished it`,
  });
  expect(finding?.remedy).toContain('Retention keeps it');
  const store = { kind: 'embedded', pool: database.pool } as const;
  const { days } = await examine({ store, dataDir: '.', clock: systemClock });
  expect(days.find((each) => each.day === day)?.bytes.events).toBeGreaterThan(0);
});

test('dead letters that were forgotten are said to lose their events', async () => {
  const clock = { ...systemClock, now: () => systemClock.now() + 40 * 86_400_000 };
  const finding = (await findings(clock)).get('reader stuck/hubspot');
  expect(finding?.remedy).toContain('The oldest is 40 days old');
});
