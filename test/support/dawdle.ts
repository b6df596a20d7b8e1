import type { PoolClient } from 'pg';

/** Holds a transaction up for some milliseconds, never the same, so that several overtake each other. */
export async function dawdle(client: PoolClient): Promise<void> {
  await client.query('select pg_sleep(random() * 0.004)');
}
