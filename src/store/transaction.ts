/** One transaction on one connection: committed when the work resolves, undone when it throws. */
import type { Pool, PoolClient } from 'pg';

/** What a query function needs: the pool, or the connection of a transaction. */
export type Db = Pool | PoolClient;

export async function withTransaction<T>(pool: Pool, work: (db: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    broken = await rollBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The reason why the connection cannot be used again, if the rollback failed too. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    // The connection is gone, and the transaction with it. What the caller must hear is the first error.
    return error instanceof Error ? error : new Error(String(error));
  }
}
