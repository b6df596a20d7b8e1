import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHubspotEmulator, DEFAULT_TOKEN } from '../../emulators/hubspot/index.ts';
import { connectors } from '../../src/connectors/registry.ts';
import { identify } from '../../src/connectors/hubspot/presets/identify.ts';
import { tellStory } from '../../src/delivery/index.ts';
import { DEFAULT_DELIVERY } from '../../src/flows/workspace.ts';
import { attemptItems } from '../../src/delivery/attempt-record.ts';
import { matchEvent } from '../../src/delivery/match.ts';
import { MemoryCache } from '../../src/delivery/memory-cache.ts';
import { Recorder } from '../../src/delivery/recorder.ts';
import { settle } from '../../src/delivery/settle.ts';
import { newWork } from '../../src/delivery/work.ts';
import { applyDefinition } from '../../src/flows/apply.ts';
import { loadWorkspace } from '../../src/flows/load.ts';
import { makeRegistry } from '../../src/flows/registry.ts';
import { makeServer } from '../../src/http/index.ts';
import { acceptBatch, Ingest } from '../../src/ingest/index.ts';
import type { IngestParts } from '../../src/ingest/index.ts';
import { normaliseCall } from '../../src/ingest/normalise-call.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { NewEvent } from '../../src/kernel/event.ts';
import { PostgresLog } from '../../src/log/index.ts';
import type { AppendReceipt } from '../../src/log/index.ts';
import { ConnectionClient, drive, RecordClaims } from '../../src/outbound/index.ts';
import type { Exchange } from '../../src/outbound/index.ts';
import { takeLease } from '../support/take-lease.ts';
import { findSourceByCredential } from '../../src/store/queries/sources.ts';
import { Sealer } from '../../src/store/seal.ts';
import { aPart } from '../support/a-part.ts';
import { withDatabase } from '../support/database.ts';

const database = withDatabase();
const start = startHubspotEmulator;
let hubspot: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  hubspot = await start();
});

afterAll(() => hubspot.close());

// What a visitor's browser sent with a clock an hour slow: one call, for HubSpot and nobody else.
const RECEIVED_AT = '2026-11-21T12:00:00.000Z';
const CALL = {
  type: 'identify',
  messageId: 'the-event',
  userId: 'user-1',
  timestamp: '2026-11-21T10:59:58.000Z',
  traits: { email: 'Ada@Example.com', firstName: 'Ada', favouriteSection: 'Culture' },
  integrations: { All: false, HubSpot: true },
};
const BODY = { sentAt: '2026-11-21T11:00:00.000Z', batch: [{ ...CALL, messageId: 7 }, CALL] };

test('an event makes the ten stops of ARCHITECTURE.md, and each leaves its own evidence', async () => {
  const { pool } = database;
  const registry = makeRegistry(connectors);
  const sealer = new Sealer(Buffer.alloc(32, 1));
  const { workspaceId } = await applyDefinition({ pool, sealer, registry, definition: definition() });
  const workspace = await loadWorkspace(pool, sealer, registry, 'acme');
  const [connection] = workspace.connections;
  if (connection === undefined) throw new Error('The definition has a connection.');

  const moments: string[] = [];
  const appended: NewEvent[] = [];
  const log = new PostgresLog({ pool, workspaceId, clock: systemClock });
  const ingest: IngestParts = {
    findSource: (hash) => findSourceByCredential(pool, hash),
    accepts: (type) => (type === 'segment' ? 'segment-calls' : undefined),
    logOf: () => ({
      append: async (events): Promise<AppendReceipt> => {
        appended.push(...events);
        const receipt = await log.append(events);
        moments.push(`committed ${String(await log.head())}`);
        return receipt;
      },
    }),
    saveRejected: () => Promise.resolve(),
    clock: { ...systemClock, now: () => Date.parse(RECEIVED_AT) },
  };
  const request = {
    body: Buffer.from(JSON.stringify(BODY)),
    contentEncoding: undefined,
    writeKeyHeader: undefined,
    clientIp: '203.0.113.7',
  };

  // 1 accept: a stranger is turned away before anything is looked at.
  const accepting = new Ingest(ingest);
  const hold = accepting.intake.open();
  const stranger = acceptBatch(accepting, { ...request, hold, authorization: basic('stranger') });
  await expect(stranger).rejects.toMatchObject({ code: 'ingest.write_key_unknown' });
  expect(appended).toEqual([]);

  // 4 answer: the same bytes over HTTP. The answer comes after the commit, and names the bad neighbour.
  const server = makeServer({ ingest, readiness: () => Promise.resolve({ ready: true, checks: [] }) });
  const answer = await server.inject({
    method: 'POST',
    url: '/v1/batch',
    headers: { authorization: basic('wk_test'), 'content-type': 'application/json' },
    payload: request.body,
  });
  moments.push(`answered ${String(answer.statusCode)}`);
  await server.close();
  expect(moments).toEqual(['committed 1', 'answered 200']);
  expect(answer.json()).toMatchObject({
    success: true,
    rejected: [{ index: 0, field: 'batch[0].messageId' }],
  });

  // 2 normalise: one canonical event, on our clock; the neighbour's fault is no business of it.
  const envelope = {
    source: 'site',
    receivedAtMs: Date.parse(RECEIVED_AT),
    receivedAt: RECEIVED_AT,
    clientIp: request.clientIp,
    type: undefined,
    sentAt: BODY.sentAt,
    context: undefined,
    integrations: undefined,
    isSuspect: false,
  };
  expect(appended).toEqual([normaliseCall(CALL, envelope, 'batch[1]')]);
  expect(appended[0]).toMatchObject({
    id: 'the-event',
    source: 'site',
    type: 'identify',
    personKey: 'user-1',
    occurredAt: '2026-11-21T11:59:58.000Z',
  });

  // 3 append: the log knows it, so a repeat falls out.
  expect(await log.append(appended)).toEqual({ appendedCount: 0, duplicateIds: ['the-event'] });

  // 5 read: whoever stands before it sees it, once.
  const [event, ...others] = await log.read({ position: 0 }, 10);
  if (event === undefined) throw new Error('The event is not in the log.');
  expect(others).toEqual([]);
  expect(event).toMatchObject({ position: 1, id: 'the-event', payload: { traits: CALL.traits } });
  expect(await log.read({ position: event.position }, 10)).toEqual([]);

  // 6 match: the connection's one flow, which the sender allowed by name.
  const [match, ...more] = matchEvent(event, connection);
  expect(more).toEqual([]);
  expect(match?.flow.preset).toBe(identify);
  const excluded = { ...event, payload: { ...event.payload, integrations: { All: false } } };
  expect(matchEvent(excluded, connection)[0]?.mapped).toMatchObject({ kind: 'skip' });

  // 7 map: the action's input.
  const mapped = identify.map(event, match?.flow.options as never);
  expect(mapped).toEqual(match?.mapped);
  if (match === undefined || mapped.kind !== 'input') throw new Error('The flow did not take the event.');
  expect(mapped.input).toEqual({
    email: 'Ada@Example.com',
    properties: { firstname: 'Ada', favouritesection: 'Culture' },
    occurred_at: '2026-11-21T11:59:58.000Z',
  });

  // 8 deliver: calls leave with the token, and what was exchanged is kept without it.
  const client = new ConnectionClient({
    connector: connection.connector,
    settings: connection.settings,
    clock: systemClock,
    privateAddresses: true,
  });
  const exchanges: Exchange[] = [];
  const { flow } = match;
  const { action } = flow.preset;
  const startedAtMs = systemClock.now();
  const items = [{ input: mapped.input, traceId: String(event.position), attempt: 1 }];
  const { settings } = connection;
  const context = {
    settings,
    options: flow.options,
    cache: new MemoryCache(systemClock),
    nowMs: startedAtMs,
  };
  const driven = await drive(action.deliver(items, context), {
    client,
    claims: new RecordClaims(),
    signal: new AbortController().signal,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  await client.close();
  if (driven.kind !== 'returned') throw new Error(`The calls failed: ${JSON.stringify(driven)}`);
  const [contact] = contacts();
  expect(contact).toMatchObject({ properties: { email: 'ada@example.com', firstname: 'Ada' } });
  expect(exchanges.map(({ url }) => url.split('/').at(-1))).toEqual(['contacts', 'read', 'upsert']);
  expect(JSON.stringify(exchanges)).not.toContain(DEFAULT_TOKEN);

  // 9 settle: the one input has one outcome, and nothing of it is left to do.
  const [outcome, ...surplus] = driven.result;
  expect(surplus).toEqual([]);
  expect(outcome).toMatchObject({ kind: 'delivered', remoteId: contact?.id });
  if (outcome === undefined) throw new Error('The input has no outcome.');
  const { position, id: eventId, type: eventType } = event;
  const work = newWork(flow, aPart({ position, eventId, eventType, input: mapped.input }), startedAtMs);
  const settling = { clock: systemClock, random: () => 0.5, schedule: DEFAULT_DELIVERY.retry };
  expect(settle(work, outcome, settling)).toEqual({ kind: 'finished' });

  // 10 record: the attempt and the cursor together, in the name of the lease's holder.
  const key = { workspaceId, connection: connection.name, shard: 0, slots: { from: 0, to: 64 } };
  const lease = await takeLease(pool, key);
  const recorder = new Recorder({
    pool,
    clock: systemClock,
    key,
    epoch: lease.epoch,
    startPosition: lease.position,
    giveUp: new AbortController().signal,
    position: () => event.position,
    progress: () => ({ position: event.position, done: [] }),
    onError: (error) => {
      throw error;
    },
    onLeaseLost: () => {
      throw new Error('Nobody else works here.');
    },
    onRecorded: () => undefined,
  });
  recorder.record({
    run: {
      flow: flow.name,
      action: action.id,
      startedAtMs,
      durationMs: 1,
      items: attemptItems(work, outcome),
      exchanges,
    },
  });
  await recorder.idle();
  const cursor = await pool.query('select position from cursors where workspace_id = $1', [workspaceId]);
  expect(cursor.rows).toEqual([{ position: event.position }]);
  const story = await tellStory(pool, workspace, 'the-event');
  expect(story?.attempts).toMatchObject([
    { items: [{ outcome: 'delivered', attempt: 1, remoteId: contact?.id }], exchanges },
  ]);
});

function definition() {
  return {
    name: 'acme',
    sources: [
      {
        name: 'site',
        type: 'segment',
        settings: {},
        secrets: { write_key: 'wk_test' },
        credential: 'wk_test',
      },
    ],
    connections: [
      {
        name: 'hubspot',
        connector: 'hubspot',
        settings: { base_url: hubspot.url },
        secrets: { access_token: DEFAULT_TOKEN },
      },
    ],
    flows: [{ name: 'identify', preset: 'hubspot/identify', from: 'site', to: 'hubspot', options: {} }],
  };
}

function contacts() {
  const { portals } = hubspot.admin.state() as {
    readonly portals: readonly {
      readonly contacts: readonly { readonly id: string; readonly properties: Record<string, string> }[];
    }[];
  };
  return portals[0]?.contacts ?? [];
}

function basic(writeKey: string): string {
  return `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;
}
