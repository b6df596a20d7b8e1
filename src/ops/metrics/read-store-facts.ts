/** Asks the store for what the metrics tell of it: cheap statements, none of which grows with the log. */
import type { Pool } from 'pg';
import { partitionSizes } from '../../store/partitions.ts';
import { countWorkers, listReplayProgress, listSuspensions } from '../../store/queries/health.ts';
import type { ReplayProgress } from '../../store/queries/health.ts';
import type { PartitionedTable } from '../../store/queries/partitions.ts';
import { listProgress } from '../../store/queries/summary.ts';
import type { ReaderProgress } from '../../store/queries/summary.ts';
import { findWorkspaceId, listWorkspaces } from '../../store/queries/workspaces.ts';

export interface WorkspaceFacts {
  readonly workspace: string;
  readonly readers: readonly ReaderProgress[];
  /** Names of connections. */
  readonly suspended: readonly string[];
  readonly replays: readonly ReplayProgress[];
}

export interface StoreFacts {
  readonly workspaces: readonly WorkspaceFacts[];
  readonly workerCount: number;
  readonly tables: readonly { readonly table: PartitionedTable; readonly bytes: number }[];
}

/** The facts of one workspace, or of all that the store holds when none is named. */
export async function readStoreFacts(pool: Pool, workspace: string | undefined): Promise<StoreFacts> {
  const workspaces: WorkspaceFacts[] = [];
  // One statement after the other: metrics must not take the connections that ingest and readers need.
  for (const name of workspace === undefined ? await listWorkspaces(pool) : [workspace]) {
    const id = await findWorkspaceId(pool, name);
    if (id === undefined) continue; // Removed since it was listed.
    const readers = await listProgress(pool, id);
    const suspensions = await listSuspensions(pool, id);
    const replays = await listReplayProgress(pool, id);
    const suspended = suspensions.map(({ connection }) => connection);
    workspaces.push({ workspace: name, readers, suspended, replays });
  }
  const bytes = new Map<PartitionedTable, number>();
  for (const { table, bytes: size } of await partitionSizes(pool))
    bytes.set(table, (bytes.get(table) ?? 0) + size);
  return {
    workspaces,
    workerCount: await countWorkers(pool),
    tables: [...bytes].map(([table, size]) => ({ table, bytes: size })),
  };
}
