import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aDefinition, aSegmentSource, HUBSPOT } from '../../test/support/a-definition.ts';
import { withDatabase } from '../../test/support/database.ts';
import { connectors } from '../connectors/registry.ts';
import { findSourceByCredential } from '../store/queries/sources.ts';
import { listWorkspaces } from '../store/queries/workspaces.ts';
import { hashCredential } from '../store/credential-hash.ts';
import { Sealer } from '../store/seal.ts';
import { applyDefinition, planApply } from './apply.ts';
import type { ApplyOptions } from './apply.ts';
import type { Change } from './changes.ts';
import { loadWorkspace } from './load.ts';
import { makeRegistry } from './registry.ts';
import type { FlowDefinition, Workspace, WorkspaceDefinition } from './workspace.ts';

const database = withDatabase();
const registry = makeRegistry(connectors);
const sealer = new Sealer(randomBytes(32));

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
