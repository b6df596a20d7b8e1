import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeWorkspace } from '../../../test/support/a-workspace.ts';
import type { StoredWorkspace } from '../../../test/support/a-workspace.ts';
import { withDatabase } from '../../../test/support/database.ts';
import { anEvent } from '../../../test/support/delivery-bench.ts';
import { makeTestConnector } from '../../../test/support/test-connector.ts';
import { systemClock } from '../../kernel/clock.ts';
import { Redacted } from '../../kernel/redacted.ts';
import { insertAttempts } from '../../store/queries/attempts.ts';
import { insertDeadLetters, listDeadLetters } from '../../store/queries/dead-letters.ts';
import { suspendConnection } from '../../store/queries/suspensions.ts';
import { makeServer } from '../index.ts';
import { apiRoutes } from './api.ts';

const database = withDatabase();

const TOKEN = 'a-token-that-nobody-guesses';
const EXCHANGE = {
  method: 'POST',
  url: 'http://vendor/tell',
  requestBody: '[]',
  status: 400,
  startedAt: '2026-11-21T12:00:00.000Z',
  durationMs: 3,
};

interface Asked extends StoredWorkspace {
  readonly server: FastifyInstance;
  readonly get: (url: string) => Promise<LightMyRequestResponse>;
  readonly post: (url: string, payload?: object) => Promise<LightMyRequestResponse>;
}

async function makeApi(): Promise<Asked> {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const server = makeServer({
    readiness: () => Promise.resolve({ ready: true, checks: [] }),
    api: {
      token: new Redacted(TOKEN),
      pool: database.pool,
      clock: systemClock,
      loadWorkspace: () => Promise.resolve(stored.workspace),
    },
  });
  const headers = { authorization: `Bearer ${TOKEN}` };
  return {
    ...stored,
    server,
    get: (url) => server.inject({ method: 'GET', url, headers }),
    post: (url, payload) =>
      server.inject({ method: 'POST', url, headers, ...(payload === undefined ? {} : { payload }) }),
  };
}

/** An event, its attempt, and the dead letter it became; returns their ids. */
async function withDeadLetter(stored: StoredWorkspace) {
  const { workspace } = stored;
  const event = anEvent('ann', 1, { type: 'track', more: { userId: 'ann' } });
  const [position = 0] = await stored.append([event]);
  const fault = { code: 'test.refused', message: 'No.' };
  await insertAttempts(database.pool, workspace.id, 'vendor', [
    {
      flow: 'test/tell',
      action: 'tell',
      startedAt: '2026-11-21T12:00:00.000Z',
      durationMs: 3,
      firstPosition: position,
      lastPosition: position,
      deliveredCount: 0,
      skippedCount: 0,
      retryCount: 0,
      rejectedCount: 1,
      items: JSON.stringify([{ position, eventId: event.id, attempt: 1, outcome: 'rejected' }]),
      exchanges: JSON.stringify([EXCHANGE]),
    },
  ]);
  await insertDeadLetters(database.pool, { workspaceId: workspace.id, connection: 'vendor' }, [
    {
      slot: 0,
      flow: 'test/tell',
      action: 'tell',
      orderKey: 'tell ann',
      position,
      eventId: event.id,
      eventType: 'track',
      input: '{"key":"ann","values":[1]}',
      attemptCount: 1,
      fault,
      lastExchange: JSON.stringify(EXCHANGE),
    },
  ]);
  const letters = await listDeadLetters(
    database.pool,
    workspace.id,
    { status: 'open' },
    { after: 0, limit: 1_000 },
  );
  return { eventId: event.id, id: letters.at(-1)?.id ?? 0 };
}

/** The answer, checked against the schema that the document is made from. */
function answerOf(id: string, response: LightMyRequestResponse): unknown {
  expect([response.statusCode, response.body]).toEqual([200, expect.anything()]);
  const route = apiRoutes.find((each) => each.id === id);
  return (route?.answer ?? z.never()).parse(response.json());
}

test.each([
  ['no token', {}, 'api.token_missing'],
  ['a password', { authorization: 'Basic YTpi' }, 'api.token_missing'],
  ['another token', { authorization: `Bearer ${TOKEN}x` }, 'api.token_unknown'],
])('with %s nothing is told and nothing is done', async (_what, headers, code) => {
  const { server } = await makeApi();
  for (const { method, path } of [...apiRoutes, { method: 'GET', path: '/api/openapi.json' } as const]) {
    const response = await server.inject({ method, url: path.replaceAll(/\{\w+\}/g, '1'), headers });
    expect([path, response.statusCode, response.json<{ code: string }>().code]).toEqual([path, 401, code]);
    expect(response.headers['content-type']).toContain('application/problem+json');
  }
});

test('a server without the API has nothing under /api', async () => {
  const server = makeServer({ readiness: () => Promise.resolve({ ready: true, checks: [] }) });
  expect((await server.inject({ url: '/api/dead-letters' })).statusCode).toBe(404);
});

test('dead letters come in pages, and one is shown with its last exchange', async () => {
  const api = await makeApi();
  const first = await withDeadLetter(api);
  const second = await withDeadLetter(api);
  const page = answerOf('listDeadLetters', await api.get('/api/dead-letters?limit=1&person=ANN'));
  expect(page).toMatchObject({ deadLetters: [{ id: first.id, input: { key: 'ann' } }], nextAfter: first.id });
  const next = await api.get(`/api/dead-letters?limit=2&after=${String(first.id)}`);
  expect(answerOf('listDeadLetters', next)).toMatchObject({
    deadLetters: [{ id: second.id }],
    nextAfter: null,
  });
  const letter = answerOf('showDeadLetter', await api.get(`/api/dead-letters/${String(first.id)}`));
  expect(letter).toMatchObject({ id: first.id, lastExchange: { status: 400 } });
});

test('letters are retried, edited and discarded by request', async () => {
  const api = await makeApi();
  const { id } = await withDeadLetter(api);
  const other = await withDeadLetter(api);
  const dry = await api.post('/api/dead-letters/retry', { flow: 'test/tell', remap: true, isDryRun: true });
  expect(answerOf('retryDeadLetters', dry)).toMatchObject({ retriedCount: 2, isDryRun: true });
  const retried = await api.post('/api/dead-letters/retry', { ids: [id] });
  expect(answerOf('retryDeadLetters', retried)).toMatchObject({ retriedCount: 1, isDryRun: false });
  const again = await api.post(`/api/dead-letters/${String(id)}/retry`, { input: { key: 'b', values: [] } });
  expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([
    409,
    'delivery.dead_letter_closed',
  ]);
  const edit = `/api/dead-letters/${String(other.id)}/retry`;
  const wrong = await api.post(edit, { input: { key: 'b' } });
  expect(wrong.json()).toMatchObject({ code: 'delivery.input_invalid', field: 'input.values' });
  const mended = await api.post(edit, { input: { key: 'b', values: [] } });
  expect(answerOf('retryEditedDeadLetter', mended)).toEqual({ id: other.id, orderKey: 'tell b' });
  await withDeadLetter(api);
  const discarded = await api.post('/api/dead-letters/discard', { all: true, reason: 'old' });
  expect(answerOf('discardDeadLetters', discarded)).toEqual({ discardedCount: 1, isDryRun: false });
});

test('an event, a person and the attempts are told of', async () => {
  const api = await makeApi();
  const { eventId } = await withDeadLetter(api);
  expect(answerOf('showDelivery', await api.get(`/api/deliveries/${eventId}`))).toMatchObject({
    event: { id: eventId },
    attempts: [{ exchanges: [{ status: 400, holdsEvent: true }] }],
    deadLetters: [{ status: 'open' }],
  });
  expect(answerOf('showPerson', await api.get('/api/people/Ann'))).toMatchObject({
    personKeys: ['ann'],
    connections: [{ connection: 'vendor', deadCount: 1 }],
  });
  const page = answerOf('listDeliveries', await api.get('/api/deliveries?outcome=rejected&limit=1'));
  expect(page).toMatchObject({ attempts: [{ rejectedCount: 1 }] });
  expect(JSON.stringify(page)).not.toContain('exchanges');
});

test('a suspended connection is resumed, and it is said when it was not suspended', async () => {
  const api = await makeApi();
  await suspendConnection(database.pool, api.workspace.id, 'vendor', { code: 'a.b', message: 'Gone.' });
  for (const wasSuspended of [true, false]) {
    const resumed = await api.post('/api/connections/vendor/resume');
    expect(answerOf('resumeConnection', resumed)).toEqual({ connection: 'vendor', wasSuspended });
  }
});

test('a replay is tried out, started, paused, resumed, cancelled and listed', async () => {
  const api = await makeApi();
  const [position = 0] = await api.append([anEvent('ann', 1)]);
  await database.pool.query(`update cursors set position = $2 where workspace_id = $1`, [
    api.workspace.id,
    position,
  ]);
  const request = { connection: 'vendor', filter: { person: 'ann' } };
  const dry = answerOf('startReplay', await api.post('/api/replays', { ...request, isDryRun: true }));
  expect(dry).toMatchObject({ inputCount: 1, samples: [{ flow: 'test/put' }] });
  const started = answerOf('startReplay', await api.post('/api/replays', request));
  const { replay } = z.object({ replay: z.object({ id: z.number() }) }).parse(started);
  for (const [verb, status] of [
    ['pause', 'paused'],
    ['resume', 'running'],
    ['cancel', 'cancelled'],
  ] as const) {
    const changed = await api.post(`/api/replays/${String(replay.id)}/${verb}`);
    expect(answerOf(`${verb}Replay`, changed)).toMatchObject({ status });
  }
  expect(answerOf('showReplay', await api.get(`/api/replays/${String(replay.id)}`))).toMatchObject({
    status: 'cancelled',
  });
  expect(answerOf('listReplays', await api.get('/api/replays'))).toMatchObject({
    replays: [{ id: replay.id, status: 'cancelled' }],
  });
});

test.each([
  ['GET', '/api/dead-letters?limit=0', undefined, 400, 'query.limit'],
  ['GET', '/api/dead-letters?statsu=open', undefined, 400, 'query'],
  ['GET', '/api/dead-letters?since=yesterday', undefined, 400, 'query.since'],
  ['GET', '/api/dead-letters/seventeen', undefined, 400, 'path.id'],
  ['POST', '/api/dead-letters/retry', {}, 400, 'body'],
  ['POST', '/api/dead-letters/retry', { isDryRun: true }, 400, 'body'],
  ['POST', '/api/dead-letters/retry', { all: true, conection: 'x' }, 400, 'body'],
  ['POST', '/api/replays', { connection: 'nowhere', filter: {} }, 404, 'body.connection'],
  ['POST', '/api/connections/nowhere/resume', undefined, 404, 'path.name'],
  ['GET', '/api/dead-letters/999999', undefined, 404, 'path.id'],
  ['GET', '/api/deliveries/nothing', undefined, 404, 'path.eventId'],
  ['GET', '/api/people/nobody', undefined, 404, 'path.key'],
] as const)('%s %s %j is refused and names the field', async (method, url, body, status, field) => {
  const api = await makeApi();
  const response = method === 'GET' ? await api.get(url) : await api.post(url, body);
  expect([response.statusCode, response.json<{ field: string }>().field]).toEqual([status, field]);
});

test('the document describes every route, and every reference in it leads somewhere', async () => {
  const api = await makeApi();
  const document = (await api.get('/api/openapi.json')).json<{
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
    components: { schemas: Record<string, unknown> };
  }>();
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => [method.toUpperCase(), path, operationId]),
  );
  expect(new Set(described.map((each) => each.join(' ')))).toEqual(
    new Set(apiRoutes.map(({ method, path, id }) => `${method} ${path} ${id}`)),
  );
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name);
  expect(JSON.stringify(document)).not.toContain('$defs');
});
