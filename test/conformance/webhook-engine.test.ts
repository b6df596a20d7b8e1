/** From a configuration to the receiver, through the store and the engine. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../emulators/core/index.ts';
import { webhookEmulator } from '../../emulators/webhook/index.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { Worker } from '../../src/delivery/index.ts';
import { getReplay, startReplay } from '../../src/delivery/replay/replays.ts';
import { applyDefinition } from '../../src/flows/apply.ts';
import { loadWorkspace } from '../../src/flows/load.ts';
import { makeRegistry } from '../../src/flows/registry.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { NewEvent } from '../../src/kernel/event.ts';
import { PostgresLog } from '../../src/log/index.ts';
import { parseConfiguration } from '../../src/ops/config/index.ts';
import { countDeadLetters } from '../../src/store/queries/dead-letters.ts';
import { listProgress } from '../../src/store/queries/summary.ts';
import { resumeConnection } from '../../src/store/queries/suspensions.ts';
import { Sealer } from '../../src/store/seal.ts';
import { sendSignal, Signals } from '../../src/store/signals.ts';
import { AN_IDENTITY } from '../support/an-identity.ts';
import { withDatabase } from '../support/database.ts';
import { SILENT } from '../support/delivery-bench.ts';
import { until } from '../support/until.ts';

const database = withDatabase();
const registry = makeRegistry(connectors);
const sealer = new Sealer(randomBytes(32));

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const start = () => startEmulator(webhookEmulator);
let receiver: Awaited<ReturnType<typeof start>>;

beforeEach(async () => {
  receiver = await start();
});
afterEach(() => receiver.close());

const FILE = `workspace: NAME
sources:
  paper: { type: subscribers, token: '\${TOKEN}' }
  site: { type: segment, write_key: '\${KEY}' }
connections:
  hook:
    connector: webhook
    url: \${URL}/hook?from=linchpin
    allow_private_addresses: true
    headers: { Authorization: 'Bearer hook-token', X-Team: editorial }
    secret: ${SECRET}
    delivery: { retry: { attempts: 5, first_wait_seconds: 0.1, factor: 1 } }
  oncall: { connector: webhook, url: '\${URL}/oncall', allow_private_addresses: true }
flows:
  - name: tell-us
    action: webhook/post
    from: hook
    to: oncall
    when: { path: type, equals: connection }
    map: { body: { text: { $template: '{{connection}} is {{name}}: {{fault.message}}' } } }
  - { preset: webhook/events, from: paper, to: hook }
  - name: orders
    action: webhook/post
    from: site
    to: hook
    when: { path: event, equals: Order Completed }
    map:
      method: PUT
      path: { $template: '/orders/{{properties.order_id}}' }
      body: { customer: { $path: userId } }
      id: { $path: messageId }
      key: { $path: userId }
`;

let count = 0;

/** Applies the file, and starts a worker that runs what the store then holds. */
async function makeEngine() {
  count += 1;
  const name = `hooks${String(count)}`;
  const variables: Readonly<Record<string, string>> = {
    TOKEN: `t-${name}`,
    KEY: `k-${name}`,
    URL: receiver.url,
  };
  const { definition } = parseConfiguration(FILE.replace('NAME', name), {
    file: 'linchpin.yaml',
    registry,
    lookUp: (variable) => variables[variable],
  });
  const { pool } = database;
  const { workspaceId } = await applyDefinition({ pool, definition, sealer, registry });
  const signals = new Signals({ pool, clock: systemClock, onError: () => undefined });
  await signals.listen();
  const log = new PostgresLog({
    pool,
    workspaceId,
    clock: systemClock,
    onAppended: () => {
      signals.publish('log', workspaceId);
    },
  });
  const load = () => loadWorkspace(pool, sealer, registry, name);
  const worker = new Worker({
    pool,
    signals,
    clock: systemClock,
    random: Math.random,
    logger: SILENT,
    identity: { ...AN_IDENTITY, name: 'a worker', workspaceId },
    logOf: () => log,
    loadWorkspaces: async () => [await load()],
  });
  await worker.start();
  onTestFinished(async () => {
    await worker.stop();
    signals.close();
  });
  const connection = async () => {
    const found = (await load()).connections.find((each) => each.name === 'hook');
    if (found === undefined) throw new Error('The connection is gone.');
    return found;
  };
  return { workspaceId, log, connection };
}

let eventCount = 0;

function anEvent(person: string, eventType: string): NewEvent {
  eventCount += 1;
  const at = '2026-11-21T12:00:00.000Z';
  return {
    id: `event-${String(eventCount)}`,
    source: 'paper',
    type: 'subscriber',
    name: eventType,
    personKey: person,
    occurredAt: at,
    receivedAt: at,
    body: JSON.stringify({ eventType, vendorId: 'vendor_123', userId: person, occured_at: at }),
  };
}

const called = () => receiver.state.received.filter(({ path }) => path !== '/oncall');
const taken = () => called().filter(({ status }) => status < 300);

test('six of eight events arrive signed and with the configured headers, each under its id', async () => {
  receiver.admin.seed({
    endpoints: [{ path: '/hook', secrets: [SECRET], headers: { authorization: 'Bearer hook-token' } }],
  });
  const { log } = await makeEngine();
  const sent = [
    'userVendor.1#new',
    'userVendor.1#update',
    'contract.1#purchased',
    'entitlement.1#new',
    'entitlement.1#update',
    'contract.1#update',
    'contract#cancelRequest',
    'checkout.1#confirm',
  ].map((type) => anEvent('user_456', type));
  await log.append(sent);
  await until(() => taken().length === 6);
  const forwarded = sent.filter(({ name }) => name?.startsWith('entitlement') === false);
  expect(taken().map(({ messageId }) => messageId)).toEqual(forwarded.map(({ id }) => id));
  expect(taken().map(({ body }) => body)).toEqual(forwarded.map(({ body }) => JSON.parse(body) as unknown));
  expect(receiver.state.received.flatMap(({ problems }) => problems)).toEqual([]);
  expect(taken()[0]).toMatchObject({ isSigned: true, query: { from: 'linchpin' } });
});

test('what a person did arrives in order, though the first of it has to be tried again, and nobody else waits', async () => {
  receiver.admin.seed({ endpoints: [{ path: '/hook', answers: ['500', '500'] }] });
  const { log } = await makeEngine();
  const [first, second, other] = [
    anEvent('a', 'userVendor.1#new'),
    anEvent('a', 'contract.1#purchased'),
    anEvent('b', 'userVendor.1#new'),
  ];
  await log.append([first]);
  await until(() => receiver.state.received.length > 0);
  await log.append([second, other]);
  await until(() => taken().length === 3);
  const ids = taken().map(({ messageId }) => messageId);
  expect(ids.indexOf(first.id)).toBeLessThan(ids.indexOf(second.id));
  expect(new Set(ids)).toEqual(new Set([first.id, second.id, other.id]));
});

test('a receiver that is gone is asked once, and gets its backlog when a human resumes it', async () => {
  receiver.admin.seed({ endpoints: [{ path: '/hook', answers: ['410'] }] });
  const { workspaceId, log, connection } = await makeEngine();
  await log.append([anEvent('a', 'userVendor.1#new')]);
  await until(async () => (await connection()).suspended !== null);
  expect((await connection()).suspended?.fault.code).toBe('webhook.http_410');
  await log.append([anEvent('b', 'userVendor.1#new'), anEvent('c', 'userVendor.1#new')]);
  expect(called()).toHaveLength(1);
  await resumeConnection(database.pool, workspaceId, 'hook');
  await sendSignal(database.pool, 'control', workspaceId);
  await until(() => taken().length === 3);
});

test('whoever is to be told of a suspension is told by another connection, and of its end', async () => {
  receiver.admin.seed({ endpoints: [{ path: '/hook', answers: ['410'] }] });
  const { workspaceId, log, connection } = await makeEngine();
  const told = () =>
    receiver.state.received.filter(({ path }) => path === '/oncall').map(({ body }) => JSON.stringify(body));
  await log.append([anEvent('a', 'userVendor.1#new')]);
  await until(() => told().length === 1);
  expect(told()[0]).toContain('hook is suspended: ');
  expect((await connection()).suspended).not.toBeNull();
  await resumeConnection(database.pool, workspaceId, 'hook');
  await sendSignal(database.pool, 'control', workspaceId);
  await until(() => told().length === 2);
  expect(told()[1]).toContain('hook is resumed');
});

test('a receiver that has failed for five days is called no more until a human resumes it', async () => {
  receiver.admin.seed({ endpoints: [{ path: '/hook', answers: ['500'] }] });
  const { workspaceId, log, connection } = await makeEngine();
  await database.pool.query(
    `update connections set failing_since = now() - interval '5 days', failed_at = now() - interval '1 hour' where workspace_id = $1 and name = 'hook'`,
    [workspaceId],
  );
  await log.append([anEvent('a', 'userVendor.1#new')]);
  await until(async () => (await connection()).suspended !== null);
  expect((await connection()).suspended?.fault.code).toBe('delivery.failing_too_long');
  await log.append([anEvent('b', 'userVendor.1#new')]);
  await resumeConnection(database.pool, workspaceId, 'hook');
  await sendSignal(database.pool, 'control', workspaceId);
  await until(() => taken().length === 2);
});

test('a replay sends the same messages under the same ids', async () => {
  const { workspaceId, log, connection } = await makeEngine();
  const sent = [anEvent('a', 'userVendor.1#new'), anEvent('b', 'contract.1#update')];
  await log.append(sent);
  await until(async () =>
    (await listProgress(database.pool, workspaceId)).every(({ behind }) => behind === 0),
  );
  expect(taken()).toHaveLength(2);
  const { id } = await startReplay(database.pool, systemClock, {
    connection: await connection(),
    filter: {},
  });
  await until(async () => (await getReplay(database.pool, systemClock, workspaceId, id)).status === 'done');
  const messages = taken().map(({ messageId, body }) => JSON.stringify([messageId, body]));
  expect(messages).toHaveLength(4);
  expect(new Set(messages).size).toBe(2);
  expect(taken().flatMap(({ problems }) => problems)).toEqual([]);
});

test("a flow of one's own makes requests of events of any source", async () => {
  const { log } = await makeEngine();
  const body = { type: 'track', event: 'Order Completed', userId: 'u1', properties: { order_id: 7 } };
  await log.append([
    {
      ...anEvent('u1', ''),
      source: 'site',
      type: 'track',
      name: 'Order Completed',
      body: JSON.stringify(body),
    },
  ]);
  await until(() => taken().length === 1);
  expect(taken()[0]).toMatchObject({
    method: 'PUT',
    path: '/hook/orders/7',
    query: { from: 'linchpin' },
    body: { customer: 'u1' },
    messageId: `event-${String(eventCount)}`,
  });
});

test('what the receiver closes or has no more of is a dead letter, and the next thing is sent', async () => {
  receiver.admin.seed({
    endpoints: [
      { path: '/hook/orders/1', usual: { status: 403 } },
      { path: '/hook/orders/2', usual: '410' },
    ],
  });
  const { workspaceId, log, connection } = await makeEngine();
  const order = (order_id: number) => ({
    ...anEvent('u1', ''),
    source: 'site',
    type: 'track' as const,
    name: 'Order Completed',
    body: JSON.stringify({ type: 'track', event: 'Order Completed', userId: 'u1', properties: { order_id } }),
  });
  await log.append([order(1), order(2), order(3)]);
  const letters = () => countDeadLetters(database.pool, workspaceId, { connection: 'hook', status: 'open' });
  await until(async () => taken().length === 1 && (await letters()).length === 2);
  expect(taken()[0]?.path).toBe('/hook/orders/3');
  expect((await letters()).map(({ code, count: dead }) => [code, dead])).toEqual([
    ['webhook.http_403', 1],
    ['webhook.http_410', 1],
  ]);
  expect((await connection()).suspended).toBeNull();
});

test('headers and secrets are stored sealed, and applying them again in another order changes nothing', async () => {
  await makeEngine();
  const { rows } = await database.pool.query<{ text: string }>(
    `select to_jsonb(c)::text as text from connections c`,
  );
  const stored = rows.map(({ text }) => text).join('\n');
  for (const secret of ['hook-token', 'editorial', SECRET]) expect(stored).not.toContain(secret);
  const name = `hooks${String(count)}`;
  const text = FILE.replace('NAME', name).replace(
    "Authorization: 'Bearer hook-token', X-Team: editorial",
    "X-Team: editorial, Authorization: 'Bearer hook-token'",
  );
  const lookUp = (variable: string) =>
    ({ TOKEN: `t-${name}`, KEY: `k-${name}`, URL: receiver.url })[variable];
  const { definition } = parseConfiguration(text, { file: 'linchpin.yaml', registry, lookUp });
  const { changes } = await applyDefinition({ pool: database.pool, definition, sealer, registry });
  expect(changes).toEqual([]);
});
