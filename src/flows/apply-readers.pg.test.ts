/** What applying a definition does to the readers of its connections, and to what waits for them. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aDefinition, HUBSPOT } from '../../test/support/a-definition.ts';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { appendEvents, findHead } from '../store/queries/events.ts';
import { withDatabase } from '../../test/support/database.ts';
import { connectors } from '../connectors/registry.ts';
import { countOpen } from '../store/queries/declared.ts';
import { insertDeadLetters } from '../store/queries/dead-letters.ts';
import { upsertParked } from '../store/queries/parked.ts';
import { suspendConnection } from '../store/queries/suspensions.ts';
import { Sealer } from '../store/seal.ts';
import { applyDefinition, planApply } from './apply.ts';
import type { ApplyOptions } from './apply.ts';
import { loadWorkspace } from './load.ts';
import { makeRegistry } from './registry.ts';
import { DEFAULT_DELIVERY } from './workspace.ts';
import type { Workspace, WorkspaceDefinition } from './workspace.ts';

const database = withDatabase();
const registry = makeRegistry(connectors);
const sealer = new Sealer(randomBytes(32));

function optionsOf(definition: WorkspaceDefinition, more: Partial<ApplyOptions> = {}): ApplyOptions {
  return { pool: database.pool, definition, sealer, registry, ...more };
}

function load(name: string): Promise<Workspace> {
  return loadWorkspace(database.pool, sealer, registry, name);
}

test('a new connection begins at the head of the log, one that was there stays where it is', async () => {
  const definition = aDefinition();
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  expect(await cursorsOf(workspaceId)).toEqual({ hubspot: 0, sesamy: 0 });
  const head = await appendOne(workspaceId);
  await applyDefinition(optionsOf({ ...definition, connections: [HUBSPOT, { ...HUBSPOT, name: 'second' }] }));
  expect(await cursorsOf(workspaceId)).toEqual({ hubspot: 0, second: head, sesamy: 0 });
});

test('a connection begins at the head of the log with its first flow, and with the first after it had none', async () => {
  const base = aDefinition();
  const unused = {
    ...base,
    flows: base.flows.slice(0, 1),
    connections: [HUBSPOT, { ...HUBSPOT, name: 'crm' }],
  };
  const used = {
    ...unused,
    flows: [
      ...unused.flows,
      { name: 'late', preset: 'hubspot/identify', from: 'site', to: 'crm', options: {} },
    ],
  };
  const { workspaceId } = await applyDefinition(optionsOf(unused));
  const head = await appendOne(workspaceId);
  await applyDefinition(optionsOf(used));
  expect(await cursorsOf(workspaceId)).toMatchObject({ hubspot: 0, crm: head });
  await applyDefinition(optionsOf(unused));
  await appendEvents(database.pool, workspaceId, [aNewEventRow({ messageId: 'while it had none' })]);
  await applyDefinition(optionsOf(used));
  expect(await cursorsOf(workspaceId)).toMatchObject({
    hubspot: 0,
    crm: await findHead(database.pool, workspaceId),
  });
});

test('a flow that takes the place of the only one of its connection goes on where that was', async () => {
  const base = aDefinition();
  const [, identify] = base.flows;
  if (identify === undefined) throw new Error('The definition has no second flow.');
  const { workspaceId } = await applyDefinition(optionsOf({ ...base, flows: [identify] }));
  await appendOne(workspaceId);
  await applyDefinition(optionsOf({ ...base, flows: [{ ...identify, name: 'renamed' }] }));
  expect(await cursorsOf(workspaceId)).toMatchObject({ hubspot: 0 });
});

test('how a connection is read is part of what is applied: the plan names it, its cursors are cut, the rest stays', async () => {
  const definition = aDefinition();
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  const before = (await load(definition.name)).connections[0];
  expect(before?.delivery).toEqual(DEFAULT_DELIVERY);
  const head = await appendOne(workspaceId);
  const delivery = { shards: 2, retry: { attemptsMax: 3, firstWaitMs: 500, factor: 4 } };
  const changed = { ...definition, connections: [{ ...HUBSPOT, delivery }] };
  const { changes } = await applyDefinition(optionsOf(changed));
  expect(changes).toEqual([
    {
      kind: 'connection',
      name: 'hubspot',
      action: 'update',
      fields: [
        { field: 'delivery.shards', from: 1, to: 2 },
        { field: 'delivery.retry.attempts', from: 10, to: 3 },
        { field: 'delivery.retry.first_wait_seconds', from: 2, to: 0.5 },
      ],
    },
  ]);
  const after = (await load(definition.name)).connections[0];
  expect(after?.delivery).toEqual(delivery);
  expect(after?.revision).not.toBe(before?.revision);
  const { rows } = await database.pool.query(
    `select slot_from as "from", slot_to as "to", position from cursors
     where workspace_id = $1 and connection = 'hubspot' order by shard`,
    [workspaceId],
  );
  expect(rows).toEqual([
    { from: 0, to: 32, position: 0 },
    { from: 32, to: 64, position: 0 },
  ]);
  expect(head).toBeGreaterThan(0);
  expect((await applyDefinition(optionsOf(changed))).changes).toEqual([]);
});

test('what is gone from the definition is removed with its reader', async () => {
  const definition = aDefinition();
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  const { changes } = await applyDefinition(
    optionsOf({ ...definition, sources: [], connections: [], flows: [] }),
  );
  expect(changes.map(({ action }) => action)).toEqual(Array.from(changes, () => 'delete'));
  expect(await cursorsOf(workspaceId)).toEqual({});
  expect((await load(definition.name)).connections).toEqual([]);
});

test.each(['parked', 'dead letter'] as const)(
  'a connection or flow with a %s is not removed, unless that is asked for',
  async (kind) => {
    const definition = aDefinition();
    const { workspaceId } = await applyDefinition(optionsOf(definition));
    await leaveBehind(workspaceId, kind);
    const withoutFlow = { ...definition, flows: definition.flows.slice(0, 1) };
    const withoutConnection = { ...definition, connections: [], flows: [] };
    await expect(applyDefinition(optionsOf(withoutFlow))).rejects.toMatchObject({
      code: 'config.connection_in_use',
      field: 'flows.identify',
    });
    await expect(applyDefinition(optionsOf(withoutConnection))).rejects.toMatchObject({
      code: 'config.connection_in_use',
      field: 'connections.hubspot',
    });
    expect(await planApply(optionsOf(definition))).toEqual([]);
    await applyDefinition(optionsOf(withoutConnection, { force: true }));
    const { rows } = await database.pool.query(
      `select from parked where workspace_id = $1 union all select from dead_letters where workspace_id = $1`,
      [workspaceId],
    );
    expect(rows).toEqual([]);
  },
);

test('a flow for which an input is parked is not sent elsewhere, unless that is asked for', async () => {
  const base = aDefinition();
  const definition = { ...base, connections: [HUBSPOT, { ...HUBSPOT, name: 'crm' }] };
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  await leaveBehind(workspaceId, 'parked');
  await leaveBehind(workspaceId, 'dead letter');
  const moved = {
    ...definition,
    flows: definition.flows.map((flow) => (flow.name === 'identify' ? { ...flow, to: 'crm' } : flow)),
  };
  await expect(applyDefinition(optionsOf(moved))).rejects.toMatchObject({
    code: 'config.connection_in_use',
    message: expect.stringMatching(/^1 input/) as string,
  });
  await applyDefinition(optionsOf(moved, { force: true }));
  expect(await countOpen(database.pool, workspaceId, 'hubspot')).toEqual({ parked: 0, deadLetters: 1 });
});

test('a connection that gets another connector under its name is new to its reader', async () => {
  const base = aDefinition();
  const definition = { ...base, flows: [] };
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  const head = await appendOne(workspaceId);
  const replaced = {
    ...definition,
    connections: [
      {
        name: 'hubspot',
        connector: 'sesamy',
        settings: { client_id: 'id' },
        secrets: { token: 't', client_secret: 's' },
      },
    ],
  };
  await leaveBehind(workspaceId, 'parked');
  await expect(applyDefinition(optionsOf(replaced))).rejects.toMatchObject({
    code: 'config.connection_in_use',
  });
  await applyDefinition(optionsOf(replaced, { force: true }));
  expect(await cursorsOf(workspaceId)).toMatchObject({ hubspot: head });
});

test('a changed credential resumes a suspended connection; an unchanged one leaves it suspended', async () => {
  const definition = aDefinition();
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  await suspendConnection(database.pool, workspaceId, 'hubspot', {
    code: 'hubspot.http_401',
    message: 'No.',
  });
  await applyDefinition(optionsOf(definition));
  const suspended = (await load(definition.name)).connections[0];
  expect(suspended?.suspended?.fault.code).toBe('hubspot.http_401');
  const connections = [{ ...HUBSPOT, secrets: { access_token: 'another' } }];
  await applyDefinition(optionsOf({ ...definition, connections }));
  const resumed = (await load(definition.name)).connections[0];
  expect(resumed?.suspended).toBeNull();
  expect(resumed?.revision).not.toBe(suspended?.revision);
});

async function cursorsOf(workspaceId: number): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ connection: string; position: number }>(
    'select connection, position from cursors where workspace_id = $1 order by connection',
    [workspaceId],
  );
  return Object.fromEntries(rows.map(({ connection, position }) => [connection, position]));
}

async function appendOne(workspaceId: number): Promise<number> {
  await appendEvents(database.pool, workspaceId, [aNewEventRow({ messageId: `m${String(workspaceId)}` })]);
  return findHead(database.pool, workspaceId);
}

async function leaveBehind(workspaceId: number, kind: 'parked' | 'dead letter'): Promise<void> {
  const key = { workspaceId, connection: 'hubspot' };
  const fault = { code: 'hubspot.http_500', message: 'No.' };
  const row = {
    slot: 0,
    flow: 'identify',
    action: 'upsert-contact',
    orderKey: 'a',
    position: 1,
    eventId: 'e',
    eventType: 'identify',
    input: '{}',
    attemptCount: 1,
    fault,
  };
  if (kind === 'parked') await upsertParked(database.pool, key, [{ ...row, dueAt: null, priority: 'live' }]);
  else await insertDeadLetters(database.pool, key, [{ ...row, lastExchange: null }]);
}
