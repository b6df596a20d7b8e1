import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aNewEventRow } from '../../test/support/an-event-row.ts';
import { appendEvents, findHead } from '../store/queries/events.ts';
import { withDatabase } from '../../test/support/database.ts';
import { connectors } from '../connectors/registry.ts';
import { countOpen } from '../store/queries/declared.ts';
import { insertDeadLetters } from '../store/queries/dead-letters.ts';
import { upsertParked } from '../store/queries/parked.ts';
import { findSourceByCredential } from '../store/queries/sources.ts';
import { suspendConnection } from '../store/queries/suspensions.ts';
import { listWorkspaces } from '../store/queries/workspaces.ts';
import { hashCredential } from '../store/credential-hash.ts';
import { Sealer } from '../store/seal.ts';
import { applyDefinition, planApply } from './apply.ts';
import type { ApplyOptions } from './apply.ts';
import type { Change } from './changes.ts';
import { loadWorkspace } from './load.ts';
import { makeRegistry } from './registry.ts';
import { DEFAULT_DELIVERY } from './workspace.ts';
import type {
  ConnectionDefinition,
  FlowDefinition,
  SourceDefinition,
  Workspace,
  WorkspaceDefinition,
} from './workspace.ts';

const database = withDatabase();
const registry = makeRegistry(connectors);
const sealer = new Sealer(randomBytes(32));
let count = 0;

const HUBSPOT: ConnectionDefinition = {
  name: 'hubspot',
  connector: 'hubspot',
  settings: { base_url: 'http://127.0.0.1:4010', plan: 'professional' },
  secrets: { access_token: 'hidden-access-token' },
};

function aSegmentSource(name: string, credential: string): SourceDefinition {
  return { name, type: 'segment', settings: {}, secrets: { write_key: credential }, credential };
}

/** A definition like the one of the manual, in a workspace and with credentials of its own. */
function aDefinition(): WorkspaceDefinition {
  count += 1;
  const name = `w${String(count)}`;
  return {
    name,
    sources: [
      aSegmentSource('site', `wk-${name}`),
      {
        name: 'sesamy',
        type: 'sesamy',
        settings: { api_url: 'http://127.0.0.1:4020', client_id: 'id' },
        secrets: { token: `whs-${name}`, client_secret: 'hidden-client-secret' },
        credential: `whs-${name}`,
      },
    ],
    connections: [HUBSPOT],
    flows: [
      { name: 'subscribers', preset: 'hubspot/subscribers', from: 'sesamy', to: 'hubspot', options: {} },
      { name: 'identify', preset: 'hubspot/identify', from: 'site', to: 'hubspot', options: {} },
    ],
  };
}

function optionsOf(definition: WorkspaceDefinition, more: Partial<ApplyOptions> = {}): ApplyOptions {
  return { pool: database.pool, definition, sealer, registry, ...more };
}

function load(name: string): Promise<Workspace> {
  return loadWorkspace(database.pool, sealer, registry, name);
}

const words = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ action, kind, name, fields }) =>
    [action, kind, name, ...fields.map(({ field }) => field)].join(' '),
  );

test('a new workspace is created whole, with the connection and the flow that a source brings along', async () => {
  const definition = aDefinition();
  const { changes } = await applyDefinition(optionsOf(definition));
  expect(words(changes)).toEqual([
    'create source site',
    'create source sesamy',
    'create connection hubspot',
    'create connection sesamy',
    'create flow subscribers',
    'create flow identify',
    'create flow sesamy/resolve',
  ]);
  const { connections } = await load(definition.name);
  expect(
    connections.map(({ name, flows }) => [name, flows.map((flow) => `${flow.source}: ${flow.preset.id}`)]),
  ).toEqual([
    ['hubspot', ['site: hubspot/identify', 'sesamy: hubspot/subscribers']],
    ['sesamy', ['sesamy: sesamy/resolve']],
  ]);
  expect(connections[0]?.settings).toMatchObject({ plan: 'professional', api_version: '2026-09' });
});

test('a plan says what applying does, and changes nothing, not even the list of workspaces', async () => {
  const definition = aDefinition();
  const before = await listWorkspaces(database.pool);
  const plan = await planApply(optionsOf(definition));
  expect(await listWorkspaces(database.pool)).toEqual(before);
  expect((await applyDefinition(optionsOf(definition))).changes).toEqual(plan);
});

test('applying the same definition again changes nothing', async () => {
  const definition = aDefinition();
  await applyDefinition(optionsOf(definition));
  const before = await load(definition.name);
  expect((await applyDefinition(optionsOf(definition))).changes).toEqual([]);
  expect((await load(definition.name)).connections.map(({ revision }) => revision)).toEqual(
    before.connections.map(({ revision }) => revision),
  );
});

test('an update names each field that differs, and of a secret only that it does', async () => {
  const definition = aDefinition();
  await applyDefinition(optionsOf(definition));
  const plan = await planApply(
    optionsOf({
      ...definition,
      connections: [
        {
          ...HUBSPOT,
          settings: { base_url: 'http://127.0.0.1:4010', plan: 'free', add_on: true },
          secrets: { access_token: 'hidden-too' },
        },
      ],
    }),
  );
  expect(plan).toEqual([
    {
      kind: 'connection',
      name: 'hubspot',
      action: 'update',
      fields: [
        { field: 'settings.plan', from: 'professional', to: 'free' },
        { field: 'settings.add_on', from: undefined, to: true },
        { field: 'secrets.access_token', from: '[redacted]', to: '[redacted]' },
      ],
    },
  ]);
});

test('secrets are stored sealed only', async () => {
  const definition = aDefinition();
  await applyDefinition(optionsOf(definition));
  const { rows } = await database.pool.query<{ text: string }>(
    `select to_jsonb(s)::text as text from sources s union all select to_jsonb(c)::text from connections c`,
  );
  const stored = rows.map(({ text }) => text).join('\n');
  for (const secret of [
    'hidden-access-token',
    'hidden-client-secret',
    `wk-${definition.name}`,
    `whs-${definition.name}`,
  ]) {
    expect(stored).not.toContain(secret);
  }
});

test('a source is found by its new credential, and no longer by the old one', async () => {
  const definition = aDefinition();
  const { workspaceId } = await applyDefinition(optionsOf(definition));
  const find = (credential: string) => findSourceByCredential(database.pool, hashCredential(credential));
  expect(await find(`wk-${definition.name}`)).toMatchObject({ workspaceId, name: 'site' });
  await applyDefinition(optionsOf(withCredential(definition, 'site', `wk2-${definition.name}`)));
  expect(await find(`wk-${definition.name}`)).toBeUndefined();
  expect(await find(`wk2-${definition.name}`)).toMatchObject({ workspaceId, name: 'site' });
});

test('two sources may swap their credentials in one go', async () => {
  const base = aDefinition();
  const other = aSegmentSource('app', `app-${base.name}`);
  const definition = { ...base, sources: [...base.sources, other] };
  await applyDefinition(optionsOf(definition));
  const swapped = withCredential(
    withCredential(definition, 'app', `wk-${base.name}`),
    'site',
    `app-${base.name}`,
  );
  await applyDefinition(optionsOf(swapped));
  expect(await findSourceByCredential(database.pool, hashCredential(`wk-${base.name}`))).toMatchObject({
    name: 'app',
  });
});

test('a credential that another workspace uses is refused, and nothing is stored', async () => {
  const first = aDefinition();
  await applyDefinition(optionsOf(first));
  const second = withCredential(aDefinition(), 'site', `wk-${first.name}`);
  await expect(applyDefinition(optionsOf(second))).rejects.toMatchObject({
    code: 'config.credential_taken',
    field: 'sources.site',
  });
  expect(await listWorkspaces(database.pool)).not.toContain(second.name);
});

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

test("a flow of one's own comes back as it was applied, and each change of it is named", async () => {
  const base = aDefinition();
  const own = {
    name: 'orders',
    action: 'hubspot/upsert-contact',
    from: 'site',
    to: 'hubspot',
    when: { path: 'event', equals: 'Order Completed' },
    map: { email: { $path: 'properties.email' }, properties: {} },
    options: {},
  };
  const apply = (flow: FlowDefinition) => applyDefinition(optionsOf({ ...base, flows: [flow] }));
  await apply(own);
  expect((await apply(own)).changes).toEqual([]);
  const { connections } = await load(base.name);
  const [flow] = connections.find(({ name }) => name === 'hubspot')?.flows ?? [];
  expect(flow).toMatchObject({ name: 'orders', source: 'site', condition: { tree: own.when } });
  expect(flow?.preset).toMatchObject({ id: 'hubspot/upsert-contact', action: { id: 'upsert-contact' } });

  const { when, ...unconditional } = own;
  const map = { email: { $path: 'traits.email' }, properties: {} };
  expect((await apply({ ...unconditional, map })).changes).toEqual([
    {
      kind: 'flow',
      name: 'orders',
      action: 'update',
      fields: [
        { field: 'map', from: own.map, to: map },
        { field: 'when', from: when, to: undefined },
      ],
    },
  ]);
  const preset = { name: 'orders', preset: 'hubspot/identify', from: 'site', to: 'hubspot', options: {} };
  expect((await apply(preset)).changes[0]?.fields.map(({ field }) => field)).toEqual([
    'preset',
    'action',
    'map',
  ]);
  const [changed] = (await load(base.name)).connections[0]?.flows ?? [];
  expect(changed?.preset.id).toBe('hubspot/identify');
  expect(changed?.condition).toBeUndefined();
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

test('two applies at the same time end as one of them', async () => {
  const definition = aDefinition();
  const other = { ...definition, flows: definition.flows.slice(1) };
  await Promise.all([definition, other, definition, other].map((each) => applyDefinition(optionsOf(each))));
  const plans = await Promise.all([planApply(optionsOf(definition)), planApply(optionsOf(other))]);
  expect(plans.filter((plan) => plan.length === 0)).toHaveLength(1);
});

test('under another master key nothing can be loaded until the definition is applied anew', async () => {
  const definition = aDefinition();
  await applyDefinition(optionsOf(definition));
  const other = new Sealer(randomBytes(32));
  const loadWithOther = () => loadWorkspace(database.pool, other, registry, definition.name);
  await expect(loadWithOther()).rejects.toMatchObject({ code: 'store.master_key_wrong' });
  const { changes } = await applyDefinition(optionsOf(definition, { sealer: other }));
  expect(words(changes)).toEqual([
    'update source site secrets.write_key',
    'update source sesamy secrets.token secrets.client_secret',
    'update connection hubspot secrets.access_token',
    'update connection sesamy secrets.token secrets.client_secret',
  ]);
  expect((await loadWithOther()).connections).toHaveLength(2);
});

test('a workspace that was never applied is unknown', async () => {
  await expect(load('nowhere')).rejects.toMatchObject({ code: 'cli.workspace_unknown' });
});

function withCredential(
  definition: WorkspaceDefinition,
  name: string,
  credential: string,
): WorkspaceDefinition {
  return {
    ...definition,
    sources: definition.sources.map((source) =>
      source.name === name ? aSegmentSource(name, credential) : source,
    ),
  };
}

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
