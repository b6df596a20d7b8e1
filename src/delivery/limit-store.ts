/** Keeps the limits of a connection in PostgreSQL, where all of its workers find them. */
import type { Pool } from 'pg';
import type { Connection } from '../flows/workspace.ts';
import type { LimitStore } from '../outbound/index.ts';
import { loadLimits, swapLimits } from '../store/queries/limits.ts';

export function makeLimitStore(
  pool: Pool,
  { workspaceId, name }: Pick<Connection, 'workspaceId' | 'name'>,
): LimitStore {
  return {
    load: (names) => loadLimits(pool, workspaceId, name, names),
    swap: (changes) => swapLimits(pool, workspaceId, name, changes),
  };
}
