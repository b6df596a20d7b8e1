import type { Pool, PoolClient } from 'pg';

/** What a statement runs on: the pool, or the one connection of a transaction. */
export type Db = Pool | PoolClient;
