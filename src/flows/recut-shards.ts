/**
 * Gives a connection the number of shards that its configuration asks for, once nobody reads any of them: a reader that
 * is told to stop finishes what is in flight first, so that no two readers ever send for one person at a time.
 */
import { listCursors, lockCursors, replaceCursors } from '../store/queries/cursor-cuts.ts';
import type { Db } from '../store/db.ts';
import { recut } from './recut.ts';

/** Call it in a transaction. False when the connection has that number already, or somebody reads it still. */
export async function recutShards(tx: Db, workspaceId: number, connection: string): Promise<boolean> {
  await lockCursors(tx, workspaceId, connection);
  const cursors = await listCursors(tx, workspaceId, connection);
  const [first] = cursors;
  if (first === undefined || cursors.length === first.shardsWanted) return false;
  if (!cursors.every(({ isFree }) => isFree)) return false;
  // Above every epoch there was: whoever believes to own an old shard can write nothing.
  const epoch = Math.max(...cursors.map((cursor) => cursor.epoch)) + 1;
  await replaceCursors(tx, workspaceId, connection, epoch, recut(cursors, first.shardsWanted));
  return true;
}
