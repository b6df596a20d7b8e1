/** Statements on messages that came again and were dropped; `append_events` writes them. */
import type { Db } from '../db.ts';

export interface Duplicate {
  readonly source: string;
  readonly receivedAt: Date;
}

export interface Duplicates {
  readonly count: number;
  /** The first of them, oldest first. */
  readonly first: readonly Duplicate[];
}

const OF_MESSAGE = `
  select source, received_at as "receivedAt", count(*) over ()::integer as count from duplicates
  where workspace_id = $1 and message_id = $2 order by received_at limit $3`;

/** How often a message came again, and when. */
export async function listDuplicates(
  db: Db,
  workspaceId: number,
  messageId: string,
  limit: number,
): Promise<Duplicates> {
  const { rows } = await db.query<Duplicate & { readonly count: number }>(OF_MESSAGE, [
    workspaceId,
    messageId,
    limit,
  ]);
  return {
    count: rows[0]?.count ?? 0,
    first: rows.map(({ source, receivedAt }) => ({ source, receivedAt })),
  };
}
