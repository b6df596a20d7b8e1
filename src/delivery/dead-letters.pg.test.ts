import { expect, test } from 'vitest';
import { makeWorkspace } from '../../test/support/a-workspace.ts';
import type { StoredWorkspace } from '../../test/support/a-workspace.ts';
import { withDatabase } from '../../test/support/database.ts';
import { anEvent } from '../../test/support/delivery-bench.ts';
import { makeTestConnector } from '../../test/support/test-connector.ts';
import type { Workspace } from '../flows/workspace.ts';
import {
  countDeadLetters,
  findDeadLetter,
  insertDeadLetters,
  listDeadLetters,
} from '../store/queries/dead-letters.ts';
import type { DeadLetterFilter } from '../store/queries/dead-letters.ts';
import { assertOpen, discardDeadLetters, retryDeadLetters, retryEdited } from './index.ts';

const database = withDatabase();

const OPEN = { status: 'open' } as const;
const ALL_OF_THEM = { filter: {}, mode: 'as-is', isDryRun: false } as const;
const REMAP = { ...ALL_OF_THEM, mode: 'remap' } as const;

interface Parked {
  readonly position: number;
  readonly place: number;
  readonly order_key: string;
  readonly input: string;
  readonly attempt_count: number;
  readonly is_due: boolean;
}

async function parkedIn({ id }: Workspace): Promise<readonly Parked[]> {
  const { rows } = await database.pool.query<Parked>(
    `select position, place, order_key, input, attempt_count, due_at < now() as is_due from parked
     where workspace_id = $1 order by position`,
    [id],
  );
  return rows;
}

interface Death {
  readonly position: number;
  readonly key?: string;
  readonly flow?: 'test/put' | 'test/tell' | 'gone';
  readonly code?: string;
  readonly eventType?: string;
  readonly values?: readonly number[];
  /** False when its mapping failed. */
  readonly isMapped?: boolean;
}

async function kill({ workspace }: StoredWorkspace, deaths: readonly Death[]): Promise<readonly number[]> {
  const rows = deaths.map(
    ({
      position,
      key = 'a',
      flow = 'test/tell',
      code = 'test.refused',
      eventType = 'track',
      values = [0],
      isMapped = true,
    }) => ({
      slot: 0,
      flow,
      action: flow === 'test/put' ? 'put' : 'tell',
      orderKey: `${flow === 'test/put' ? 'put' : 'tell'} ${key}`,
      position,
      eventId: `event at ${String(position)}`,
      eventType,
      input: JSON.stringify(isMapped ? { key, values } : null),
      attemptCount: 10,
      fault: { code, message: 'No.' },
      lastExchange: null,
    }),
  );
  await insertDeadLetters(database.pool, { workspaceId: workspace.id, connection: 'vendor' }, rows);
  return (await openOf(workspace)).map(({ id }) => id);
}

function openOf(workspace: Workspace, filter: Partial<DeadLetterFilter> = {}) {
  return listDeadLetters(database.pool, workspace.id, { ...OPEN, ...filter }, { after: 0, limit: 1_000 });
}

test.each<[string, Partial<DeadLetterFilter>, readonly number[]]>([
  ['connection', { connection: 'vendor' }, [1, 2, 3]],
  ['another connection', { connection: 'other' }, []],
  ['flow', { flow: 'test/put' }, [3]],
  ['action', { action: 'tell' }, [1, 2]],
  ['code', { code: 'test.other' }, [2]],
  ['event type', { eventType: 'Signed Up' }, [1]],
  ['time', { since: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' }, [2]],
  ['person', { personKey: 'ann' }, [1, 3]],
])('letters are found by %s', async (_what, filter, found) => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const positions = await stored.append([anEvent('ann', 1), anEvent('bob', 2), anEvent('ann', 3)]);
  const [first = 0, second = 0, third = 0] = positions;
  const ids = await kill(stored, [
    { position: first, eventType: 'Signed Up' },
    { position: second, code: 'test.other' },
    { position: third, flow: 'test/put' },
  ]);
  await database.pool.query(`update dead_letters set died_at = '2026-01-01T12:00Z' where id = $1`, [ids[1]]);
  const letters = await openOf(stored.workspace, filter);
  expect(letters.map(({ id }) => ids.indexOf(id) + 1)).toEqual(found);
});

test('counts tell what is wrong and where', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  await kill(stored, [
    { position: 1 },
    { position: 2 },
    { position: 3, code: 'test.other', flow: 'test/put' },
  ]);
  expect(await countDeadLetters(database.pool, stored.workspace.id, OPEN)).toMatchObject([
    { code: 'test.refused', flow: 'test/tell', action: 'tell', count: 2 },
    { code: 'test.other', flow: 'test/put', action: 'put', count: 1 },
  ]);
});

test('thousands of letters are parked as due now with all their attempts, and a dry run changes nothing', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const count = 2_500;
  await kill(
    stored,
    Array.from({ length: count }, (_, index) => ({ position: index + 1, key: `person-${String(index)}` })),
  );
  const report = { matchedCount: count, retriedCount: count, left: [] };
  const dry = await retryDeadLetters(database.pool, stored.workspace, { ...ALL_OF_THEM, isDryRun: true });
  expect(dry).toEqual(report);
  expect(await parkedIn(stored.workspace)).toEqual([]);
  expect(await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM)).toEqual(report);
  const parked = await parkedIn(stored.workspace);
  expect(parked).toHaveLength(count);
  expect(parked.every((row) => row.attempt_count === 0 && row.is_due)).toBe(true);
  expect(await openOf(stored.workspace)).toEqual([]);
  expect(await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM)).toMatchObject({
    matchedCount: 0,
  });
});

test('an input that died twice is parked once', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  await kill(stored, [
    { position: 7, values: [1] },
    { position: 7, values: [2] },
  ]);
  expect(await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM)).toMatchObject({
    retriedCount: 2,
  });
  expect((await parkedIn(stored.workspace)).map(({ input }) => input)).toEqual(['{"key":"a","values":[2]}']);
});

test('an input that died twice is merged once, as it died last', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [position = 0] = await stored.append([anEvent('a', 1), anEvent('a', 2)]);
  await kill(stored, [
    { position, flow: 'test/put', values: [8] },
    { position, flow: 'test/put', values: [9] },
  ]);
  await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM);
  expect((await parkedIn(stored.workspace)).map(({ input }) => input)).toEqual([
    '{"key":"a","values":[9,2]}',
  ]);
});

test('a letter whose flow is gone stays open with the reason', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [id] = await kill(stored, [{ position: 1, flow: 'gone' }]);
  expect(await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM)).toEqual({
    matchedCount: 1,
    retriedCount: 0,
    left: [{ reason: 'The flow is not configured any more.', count: 1, firstIds: [id] }],
  });
  expect(await openOf(stored.workspace)).toHaveLength(1);
});

test('mapped anew, letters carry what the flow makes of their events today; those it cannot map stay open, each with its reason', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const events = [
    anEvent('New Key', 5, { type: 'track' }),
    anEvent('b', 6, { type: 'track', more: { map: 'skip' } }),
    anEvent('c', 7, { type: 'track', more: { map: 'throw' } }),
    anEvent('d', 8),
  ];
  const positions = await stored.append(events);
  const gone = 1_000_000;
  const ids = await kill(
    stored,
    [...positions, gone].map((position) => ({ position, key: 'old key' })),
  );
  const report = await retryDeadLetters(database.pool, stored.workspace, REMAP);
  expect(report).toMatchObject({ matchedCount: 5, retriedCount: 1 });
  expect(report.left.map(({ reason, firstIds }) => [firstIds, reason])).toEqual([
    [[ids[1]], 'The flow makes no input of it: The event says so.'],
    [[ids[2]], 'The flow makes no input of it: The mapping of test/tell failed: no such field'],
    [[ids[3]], 'The flow makes no input of it: It takes track, not identify.'],
    [[ids[4]], 'Its event is no longer in the log.'],
  ]);
  expect(await parkedIn(stored.workspace)).toMatchObject([
    { position: positions[0], order_key: 'tell New Key', input: '{"key":"New Key","values":[5]}' },
  ]);
  expect((await openOf(stored.workspace)).map(({ id }) => id)).toEqual(ids.slice(1));
});

test('a letter whose mapping failed has no input to send or edit, and goes out once it is mapped anew', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [position = 0] = await stored.append([anEvent('a', 5, { type: 'track' })]);
  const [id = 0] = await kill(stored, [{ position, isMapped: false }]);
  const asIs = await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM);
  expect(asIs).toMatchObject({ retriedCount: 0, left: [{ count: 1, firstIds: [id] }] });
  expect(asIs.left[0]?.reason).toMatch(/no input.*linchpin dead-letters retry --flow test\/tell/);
  await expect(
    retryEdited(database.pool, stored.workspace, id, { key: 'a', values: [1] }),
  ).rejects.toMatchObject({ code: 'delivery.dead_letter_stuck' });
  expect(await parkedIn(stored.workspace)).toEqual([]);
  expect(await retryDeadLetters(database.pool, stored.workspace, REMAP)).toMatchObject({ retriedCount: 1 });
  expect(await parkedIn(stored.workspace)).toMatchObject([
    { position, order_key: 'tell a', input: '{"key":"a","values":[5]}' },
  ]);
});

test('an edited input goes out under the order key that it has now, once', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [id = 0] = await kill(stored, [{ position: 3, key: 'typo' }]);
  const mended = { key: 'mended', values: [4] };
  expect(await retryEdited(database.pool, stored.workspace, id, mended)).toEqual({
    orderKey: 'tell mended',
  });
  expect(await parkedIn(stored.workspace)).toMatchObject([
    { position: 3, order_key: 'tell mended', input: JSON.stringify(mended), attempt_count: 0, is_due: true },
  ]);
  await expect(retryEdited(database.pool, stored.workspace, id, mended)).rejects.toMatchObject({
    code: 'delivery.dead_letter_closed',
  });
});

test.each<[unknown, string]>([
  [{ key: 'a', values: [1, 'two'] }, 'input.values.1'],
  [{ values: [] }, 'input.key'],
  [{ key: 'a', valuse: [1], values: [] }, 'input.valuse'],
  ['text', 'input'],
])(
  'an edited input that the action does not take names the field, and the letter stays open',
  async (input, field) => {
    const stored = await makeWorkspace(database.pool, makeTestConnector());
    const [id = 0] = await kill(stored, [{ position: 1 }]);
    await expect(retryEdited(database.pool, stored.workspace, id, input)).rejects.toMatchObject({
      code: 'delivery.input_invalid',
      field,
    });
    expect(await openOf(stored.workspace)).toHaveLength(1);
  },
);

test('a letter that is asked for by number is there and open, or it is said what it is', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const { id: workspaceId } = stored.workspace;
  const [open = 0, gone = 0] = await kill(stored, [{ position: 1 }, { position: 2 }]);
  await discardDeadLetters(database.pool, workspaceId, { ids: [gone] }, null);
  await assertOpen(database.pool, workspaceId, [open]);
  await expect(assertOpen(database.pool, workspaceId, [open, gone])).rejects.toMatchObject({
    code: 'delivery.dead_letter_closed',
    message: `Dead letter ${String(gone)} is discarded already.`,
  });
  await expect(assertOpen(database.pool, workspaceId, [open, 1_000_000])).rejects.toMatchObject({
    code: 'delivery.dead_letter_unknown',
  });
});

test('a discarded letter is closed with its reason, and only what matches is', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [id = 0] = await kill(stored, [{ position: 1, code: 'test.other' }, { position: 2 }]);
  const filter = { code: 'test.other' };
  expect(await discardDeadLetters(database.pool, stored.workspace.id, filter, 'nobody wants it')).toBe(1);
  expect(await findDeadLetter(database.pool, stored.workspace.id, id)).toMatchObject({
    status: 'discarded',
    closedReason: 'nobody wants it',
  });
  expect(await openOf(stored.workspace)).toHaveLength(1);
});

test('letters of another workspace are out of reach', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const other = await makeWorkspace(database.pool, makeTestConnector());
  const [id = 0] = await kill(stored, [{ position: 1 }]);
  await expect(retryEdited(database.pool, other.workspace, id, {})).rejects.toMatchObject({
    code: 'delivery.dead_letter_unknown',
  });
  expect(
    await retryDeadLetters(database.pool, other.workspace, { ...ALL_OF_THEM, filter: { ids: [id] } }),
  ).toMatchObject({ matchedCount: 0 });
  expect(await discardDeadLetters(database.pool, other.workspace.id, { ids: [id] }, null)).toBe(0);
});

test.each(['as-is', 'remap'] as const)(
  'a letter of an action that merges carries what came later, however it is sent again (%s)',
  async (mode) => {
    const stored = await makeWorkspace(database.pool, makeTestConnector());
    const [dead = 0, , newest] = await stored.append([
      anEvent('a', 1),
      anEvent('a', 2),
      anEvent('a', 3),
      anEvent('b', 4),
    ]);
    await kill(stored, [{ position: dead, flow: 'test/put', values: [1] }]);
    await retryDeadLetters(database.pool, stored.workspace, { ...ALL_OF_THEM, mode });
    expect(await parkedIn(stored.workspace)).toMatchObject([
      { position: dead, place: newest, order_key: 'put a', input: '{"key":"a","values":[1,2,3]}' },
    ]);
  },
);

test('an edited input is put below what came later', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [dead = 0] = await stored.append([anEvent('a', 1), anEvent('a', 2)]);
  const [id = 0] = await kill(stored, [{ position: dead, flow: 'test/put', values: [1] }]);
  await retryEdited(database.pool, stored.workspace, id, { key: 'a', values: [9] });
  expect(await parkedIn(stored.workspace)).toMatchObject([{ input: '{"key":"a","values":[9,2]}' }]);
});

test('a letter of an action that merges stays open when its event is gone', async () => {
  const stored = await makeWorkspace(database.pool, makeTestConnector());
  const [id = 0] = await kill(stored, [{ position: 1_000_000, flow: 'test/put' }]);
  expect(await retryDeadLetters(database.pool, stored.workspace, ALL_OF_THEM)).toMatchObject({
    retriedCount: 0,
    left: [{ reason: 'Its event is no longer in the log.' }],
  });
  await expect(
    retryEdited(database.pool, stored.workspace, id, { key: 'a', values: [] }),
  ).rejects.toMatchObject({ code: 'delivery.dead_letter_stuck' });
});
