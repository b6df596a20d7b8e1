import { expect, test } from 'vitest';
import type { Db } from '../store/db.ts';
import { SentOnce } from './sent-once.ts';

const SCOPE = { workspaceId: 1, connection: 'vendor', action: 'count' };
const ROW = { action: 'count', key: 'order-1', sentAt: '2026-11-21T12:00:00.000Z' };

/** A store that answers with what was on disk when it was asked. */
function aStore(onQuery: () => void): Db {
  const query = (): Promise<unknown> => {
    onQuery();
    return Promise.resolve({ rows: [] });
  };
  return { query } as unknown as Db;
}

test('what is written while the store answers is known all the same', async () => {
  const sentOnce = new SentOnce();
  sentOnce.add(SCOPE, [ROW]);
  const db = aStore(() => {
    sentOnce.written(SCOPE, [ROW]);
  });
  expect(await sentOnce.find(db, SCOPE, ['order-1', 'order-2'])).toEqual(
    new Map([['order-1', new Date(ROW.sentAt)]]),
  );
});
