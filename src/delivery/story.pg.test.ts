import { expect, test } from 'vitest';
import { makeWorkspace } from '../../test/support/a-workspace.ts';
import type { StoredWorkspace } from '../../test/support/a-workspace.ts';
import { withDatabase } from '../../test/support/database.ts';
import { anEvent } from '../../test/support/delivery-bench.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { Workspace } from '../flows/workspace.ts';
import type { Exchange } from '../outbound/index.ts';
import { insertAttempts } from '../store/queries/attempts.ts';
import { insertDeadLetters } from '../store/queries/dead-letters.ts';
import { upsertParked } from '../store/queries/parked.ts';
import { toAttemptRows } from './attempt-record.ts';
import type { AttemptItem, Run } from './attempt-record.ts';
import { discardDeadLetters, listDeliveries, tellPerson, tellStory } from './index.ts';
import type { Standing, Story } from './index.ts';

const database = withDatabase();

const FAULT = { code: 'test.refused', message: 'No.' };
const EXCHANGE: Exchange = {
  method: 'POST',
  url: 'http://vendor/put',
  requestBody: '[]',
  startedAt: '2026-11-21T12:00:00.000Z',
  durationMs: 3,
};

function item(position: number, more: Partial<AttemptItem> = {}): AttemptItem {
  return { position, eventId: '', attempt: 1, outcome: 'delivered', ...more };
}

async function record({ workspace }: StoredWorkspace, run: Partial<Run>): Promise<void> {
  const whole = {
    flow: 'test/put',
    action: 'put',
    startedAtMs: 0,
    durationMs: 1,
    items: [],
    exchanges: [],
    ...run,
  };
  await insertAttempts(database.pool, workspace.id, 'vendor', toAttemptRows(whole));
}

async function moveReader({ workspace }: StoredWorkspace, position: number): Promise<void> {
  await database.pool.query(`update cursors set position = $2 where workspace_id = $1`, [
    workspace.id,
    position,
  ]);
}

async function storyOf(workspace: Workspace, id: string): Promise<Story> {
  const story = await tellStory(database.pool, workspace, id);
  if (story === undefined) throw new Error(`There is no event ${id}.`);
  return story;
}

function standingIn(story: Story, flow = 'test/put'): Standing | undefined {
  return story.flows.find((each) => each.flow === flow)?.standing;
}

function parkedAt(position: number, dueAt: string | null) {
  return {
    slot: 0,
    flow: 'test/put',
    action: 'put',
    orderKey: 'put a',
    position,
    eventId: '',
    eventType: 'identify',
    input: '{}',
    attemptCount: 2,
    dueAt,
    fault: FAULT,
    priority: 'live' as const,
  };
}

test('the story names each flow with its input, or the very condition that fails', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const event = anEvent('a', 1);
  const skipped = anEvent('a', 1, { more: { map: 'skip' } });
  const excluded = anEvent('a', 1, { more: { integrations: { All: false } } });
  const elsewhere = { ...anEvent('a', 1), source: 'app' };
  await stored.append([event, skipped, excluded, elsewhere]);
  const told = async (id: string): Promise<unknown> =>
    (await storyOf(stored.workspace, id)).flows.map(({ flow, decision, reason, input }) => [
      flow,
      decision,
      reason ?? input,
    ]);
  expect(await told(event.id)).toEqual([
    ['test/put', 'input', { key: 'a', values: [1] }],
    ['test/tell', 'not matched', 'It takes track, not identify.'],
  ]);
  expect(await told(skipped.id)).toContainEqual(['test/put', 'skip', 'The event says so.']);
  expect(await told(excluded.id)).toContainEqual([
    'test/put',
    'skip',
    "The event's integrations object sets All to false.",
  ]);
  expect(await told(elsewhere.id)).toContainEqual([
    'test/put',
    'not matched',
    'It takes events of site, not of app.',
  ]);
});

test('duplicates are counted, with when they came', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const event = anEvent('a', 1);
  await stored.append([event]);
  await stored.append([{ ...event, receivedAt: '2026-11-21T12:01:00.000Z' }]);
  await stored.append([{ ...event, receivedAt: '2026-11-21T12:02:00.000Z' }]);
  const { duplicates } = await storyOf(stored.workspace, event.id);
  expect(duplicates).toEqual({
    count: 2,
    first: [
      { source: 'site', receivedAt: new Date('2026-11-21T12:01:00.000Z') },
      { source: 'site', receivedAt: new Date('2026-11-21T12:02:00.000Z') },
    ],
  });
});

test('an event that the reader has not reached waits in the log, and it is said how far the reader is', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const events = [anEvent('a', 1), anEvent('a', 2)];
  const [first = 0, second = 0] = await stored.append(events);
  await moveReader(stored, first);
  const suspended = { ...stored.connection, suspended: { fault: FAULT, at: '' } };
  const workspace = { ...stored.workspace, connections: [suspended] };
  expect(standingIn(await storyOf(workspace, events[1]?.id ?? ''))).toEqual({
    kind: 'waiting',
    readerPosition: first,
    behind: second - first,
    isRead: false,
    suspended: FAULT,
  });
  expect(standingIn(await storyOf(workspace, events[0]?.id ?? ''))).toEqual({ kind: 'passed' });
});

test('what happened last decides where an event stands', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const event = anEvent('a', 1);
  const [position = 0] = await stored.append([event]);
  await moveReader(stored, position);
  const standing = async (): Promise<Standing | undefined> =>
    standingIn(await storyOf(stored.workspace, event.id));
  await record(stored, { items: [item(position, { outcome: 'retry', reason: 'No.' })] });
  await upsertParked(database.pool, { workspaceId: stored.workspace.id, connection: 'vendor' }, [
    parkedAt(position - 1, '2030-01-01T00:00:00.000Z'),
    parkedAt(position, null),
  ]);
  expect(await standing()).toMatchObject({ kind: 'parked', isBehindAnother: true, attemptCount: 2 });
  await database.pool.query(`delete from parked where workspace_id = $1`, [stored.workspace.id]);
  const { dueAt: _, fault, priority: __, ...letter } = parkedAt(position, null);
  await insertDeadLetters(database.pool, { workspaceId: stored.workspace.id, connection: 'vendor' }, [
    { ...letter, fault, lastExchange: null },
  ]);
  expect(await standing()).toMatchObject({ kind: 'dead', fault: FAULT });
  await discardDeadLetters(database.pool, stored.workspace.id, {}, 'old');
  expect(await standing()).toMatchObject({ kind: 'discarded', reason: 'old' });
  await record(stored, { items: [item(position, { outcome: 'delivered', remoteId: '7' })] });
  expect(await standing()).toMatchObject({ kind: 'delivered', remoteId: '7' });
});

test('an event in rows of every width is found, and only its own items are shown', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const event = anEvent('a', 1);
  const [position = 0] = await stored.append([event]);
  for (const span of [0, 1, 999, 1_000, 49_999]) {
    await record(stored, { items: [item(position), ...(span === 0 ? [] : [item(position + span)])] });
    if (span > 0) await record(stored, { items: [item(position - span), item(position)] });
  }
  await record(stored, { items: [item(position - 1), item(position + 1)] });
  await record(stored, { items: [item(position + 1)] });
  const { attempts } = await storyOf(stored.workspace, event.id);
  expect(attempts.map(({ items }) => items.map((each) => each.position))).toEqual(
    Array.from({ length: 9 }, () => [position]),
  );
});

test('an event whose input was merged with others names them, and one that only travelled beside them does not', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const events = [anEvent('a', 1), anEvent('a', 2), anEvent('b', 1)] as const;
  const [head = 0, merged = 0, beside = 0] = await stored.append(events);
  const [first, second, other] = events.map(({ id }) => id);
  await record(stored, {
    items: [
      item(head, { eventId: first ?? '' }),
      item(merged, { eventId: second ?? '', mergedInto: head }),
      item(beside, { eventId: other ?? '' }),
    ],
  });
  const companions = async (id = ''): Promise<unknown> =>
    (await storyOf(stored.workspace, id)).attempts.flatMap(({ items }) =>
      items.map(({ mergedWith }) => mergedWith),
    );
  expect(await companions(first)).toEqual([[second]]);
  expect(await companions(second)).toEqual([[first]]);
  expect(await companions(other)).toEqual([undefined]);
});

test('of runs that share a row, the story of an event tells when its own took place', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const events = [anEvent('a', 1), anEvent('b', 1)] as const;
  const [first = 0, second = 0] = await stored.append(events);
  const later = { ...EXCHANGE, startedAt: '2026-11-21T12:00:07.000Z' };
  await record(stored, {
    startedAtMs: Date.parse(EXCHANGE.startedAt),
    items: [item(first, { exchange: 0 }), item(second, { exchange: 1 })],
    exchanges: [EXCHANGE, later],
  });
  const { attempts } = await storyOf(stored.workspace, events[1].id);
  expect(attempts.map(({ startedAt, exchanges }) => [startedAt, exchanges.length])).toEqual([
    [later.startedAt, 1],
  ]);
});

test('when the part of an event was cut from what is kept, the story says so', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const event = anEvent('Ann', 1);
  const [position = 0] = await stored.append([event]);
  const cut = '… (the first 20000 of 30000 bytes)';
  const bodies = [
    `[{"key":"ann"}${cut}`,
    `[{"key":"bob"}${cut}`,
    `[{"key":"bob"}]`,
    `[{"id":"${String(position)}"}${cut}`,
  ];
  const exchanges = bodies.map((requestBody) => ({ ...EXCHANGE, requestBody }));
  await record(stored, { items: [item(position)], exchanges });
  const { attempts } = await storyOf(stored.workspace, event.id);
  expect(attempts[0]?.exchanges.map(({ holdsEvent }) => holdsEvent)).toEqual([true, false, true, true]);
});

test('a flow that is gone is told of by what it left', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const event = anEvent('a', 1);
  const [position = 0] = await stored.append([event]);
  await record(stored, { flow: 'former', items: [item(position)] });
  const { flows } = await storyOf(stored.workspace, event.id);
  expect(flows.at(-1)).toMatchObject({
    flow: 'former',
    decision: 'not configured',
    standing: { kind: 'delivered' },
  });
});

test('attempts come in pages, newest first, by connection and outcome', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  for (let n = 1; n <= 5; n += 1) {
    await record(stored, { items: [item(n, { outcome: n % 2 === 0 ? 'rejected' : 'delivered' })] });
  }
  const list = (filter: object) =>
    listDeliveries(database.pool, stored.workspace.id, { limit: 2, ...filter });
  const first = await list({});
  expect(first.attempts.map(({ firstPosition }) => firstPosition)).toEqual([5, 4]);
  const second = await list({ before: first.nextBefore });
  expect(second.attempts.map(({ firstPosition }) => firstPosition)).toEqual([3, 2]);
  const last = await list({ before: second.nextBefore });
  expect([last.attempts.length, last.nextBefore]).toEqual([1, undefined]);
  expect((await list({ outcome: 'rejected' })).attempts.map(({ firstPosition }) => firstPosition)).toEqual([
    4, 2,
  ]);
  expect((await list({ connection: 'other' })).attempts).toEqual([]);
});

test('a person is found by key, and an address by whoever mentions it, with what came of the events', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const traits = { userId: 'U1', traits: { email: 'Ann@Example.com' } };
  const [first = 0, second = 0] = await stored.append([
    anEvent('u1', 1, { more: traits }),
    anEvent('u1', 2, { more: traits }),
    anEvent('ann@example.com', 3),
    anEvent('u2', 4),
  ]);
  await record(stored, { items: [item(first)] });
  await upsertParked(database.pool, { workspaceId: stored.workspace.id, connection: 'vendor' }, [
    parkedAt(second, '2030-01-01T00:00:00.000Z'),
  ]);
  const byId = await tellPerson(database.pool, stored.workspace, 'U1', 10);
  expect(byId?.events.map(({ flows }) => flows.map(({ standing }) => standing.kind))).toEqual([
    ['parked'],
    ['delivered'],
  ]);
  expect(byId?.keysSeen).toEqual([
    { kind: 'user id', value: 'U1' },
    { kind: 'email', value: 'Ann@Example.com' },
  ]);
  expect(byId?.connections).toMatchObject([
    { connection: 'vendor', latest: { standing: { kind: 'delivered' } }, parkedCount: 1, deadCount: 0 },
  ]);
  const byAddress = await tellPerson(database.pool, stored.workspace, 'ann@example.com', 10);
  expect(byAddress?.personKeys).toEqual(['ann@example.com', 'u1']);
  expect(byAddress?.events).toHaveLength(3);
  expect(await tellPerson(database.pool, stored.workspace, 'nobody@example.com', 10)).toBeUndefined();
});
