import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { withDatabase } from '../../test/support/database.ts';
import { connectors } from '../connectors/registry.ts';
import { applyDefinition } from '../flows/apply.ts';
import { makeRegistry } from '../flows/registry.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { insertDeadLetters } from '../store/queries/dead-letters.ts';
import { insertRejectedEvents } from '../store/queries/rejected-events.ts';
import { suspendConnection } from '../store/queries/suspensions.ts';
import { Sealer } from '../store/seal.ts';
import { examine } from './doctor.ts';
import type { Finding } from './doctor.ts';

const database = withDatabase();
const FAULT = { code: 'hubspot.EXPIRED_AUTHENTICATION', message: 'The token has expired.' };

async function findings(clock: Clock = systemClock): Promise<ReadonlyMap<string, Finding>> {
  await ensurePartitions(database.pool, systemClock.now());
  const store = { kind: 'embedded', pool: database.pool } as const;
  return new Map((await examine({ store, dataDir: '.', clock })).map((finding) => [finding.topic, finding]));
}

/** A workspace with one connection, `hubspot`. */
async function applyWorkspace(name: string): Promise<number> {
  const settings = { plan: 'free' };
  const { workspaceId } = await applyDefinition({
    pool: database.pool,
    sealer: new Sealer(randomBytes(32)),
    registry: makeRegistry(connectors),
    definition: {
      name,
      sources: [],
      connections: [{ name: 'hubspot', connector: 'hubspot', settings, secrets: { access_token: 't' } }],
      flows: [],
    },
  });
  return workspaceId;
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
