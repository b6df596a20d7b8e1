import { expect, test } from 'vitest';
import { withDatabase } from '../../../test/support/database.ts';
import { insertRejectedEvents, listRejectedEvents } from './rejected-events.ts';
import { ensureWorkspace } from './workspaces.ts';

const database = withDatabase();

const rejected = (workspaceId: number, body: string, source = 'site') => ({
  workspaceId,
  source,
  receivedAt: '2026-11-21T05:12:00.123Z',
  code: 'ingest.field_invalid',
  field: 'batch[3].event',
  message: 'event must be text.',
  body,
});

test('rejected events are listed newest first, page by page, with all that is known of them', async () => {
  const id = await ensureWorkspace(database.pool, 'pages');
  await insertRejectedEvents(database.pool, [rejected(id, '1'), rejected(id, '2'), rejected(id, '3')]);
  const [newest, second] = await listRejectedEvents(database.pool, { workspaceId: id, limit: 2 });
  expect(newest).toMatchObject({
    source: 'site',
    code: 'ingest.field_invalid',
    field: 'batch[3].event',
    message: 'event must be text.',
    body: '3',
    receivedAt: new Date('2026-11-21T05:12:00.123Z'),
  });
  const rest = await listRejectedEvents(database.pool, {
    workspaceId: id,
    limit: 2,
    before: second?.id ?? 0,
  });
  expect(rest.map(({ body }) => body)).toEqual(['1']);
});

test('a list shows its own workspace only, and one source when asked', async () => {
  const [one, other] = [
    await ensureWorkspace(database.pool, 'one'),
    await ensureWorkspace(database.pool, 'other'),
  ];
  await insertRejectedEvents(database.pool, [
    rejected(one, '"a"'),
    rejected(one, '"b"', 'app'),
    rejected(other, '"c"'),
  ]);
  const all = await listRejectedEvents(database.pool, { workspaceId: one, limit: 10 });
  expect(all.map(({ body }) => body)).toEqual(['"b"', '"a"']);
  const app = await listRejectedEvents(database.pool, { workspaceId: one, source: 'app', limit: 10 });
  expect(app.map(({ body }) => body)).toEqual(['"b"']);
});

test('a body whose JSON escapes what PostgreSQL cannot hold as a character is kept as it is', async () => {
  const id = await ensureWorkspace(database.pool, 'escapes');
  const body = JSON.stringify({ nul: '\0', half: '\ud800' });
  await insertRejectedEvents(database.pool, [rejected(id, body)]);
  const [kept] = await listRejectedEvents(database.pool, { workspaceId: id, limit: 1 });
  expect(kept?.body).toBe(String.raw`{"nul":"\u0000","half":"\ud800"}`);
});
