/** One transaction on one connection: committed when the work resolves, undone when it throws. */
import type { Pool, PoolClient } from 'pg';

export interface TransactionOptions {
  /** `disconnect` for work that may fail in the middle of a COPY, when the session takes no statement. */
  readonly onFailure?: 'rollback' | 'disconnect';
}

export async function withTransaction<T>(
  pool: Pool,
  work: (db: PoolClient) => Promise<T>,
  { onFailure = 'rollback' }: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    broken = onFailure === 'rollback' ? await rollBack(client) : toError(error);
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
    return toError(error);
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
