/** Asks the store for what the metrics tell of it: six cheap statements, none of which grows with the log. */
import type { Pool } from 'pg';
import { partitionSizes } from '../../store/partitions.ts';
import { countLeases, listReplayProgress, listSuspensions } from '../../store/queries/health.ts';
import type { ReplayProgress } from '../../store/queries/health.ts';
import type { PartitionedTable } from '../../store/queries/partitions.ts';
import { listProgress } from '../../store/queries/summary.ts';
import type { ReaderProgress } from '../../store/queries/summary.ts';

export interface LimitUse {
  readonly connection: string;
  readonly limit: string;
  /** 0 is untouched, 1 used up. */
  readonly usedShare: number;
}

export interface StoreFacts {
  readonly readers: readonly ReaderProgress[];
  /** Names of connections. */
  readonly suspended: readonly string[];
  readonly leasesHeld: number;
  readonly workerCount: number;
  readonly limits: readonly LimitUse[];
  readonly replays: readonly ReplayProgress[];
  readonly tables: readonly { readonly table: PartitionedTable; readonly bytes: number }[];
  /** Of the embedded store; undefined when somebody else runs PostgreSQL. */
  readonly freeBytes: number | undefined;
}

export interface StoreFactsParts {
  readonly pool: Pool;
  readonly workspaceId: number;
  /** Names this process in the leases it holds; undefined when it reads nothing. */
  readonly owner: string | undefined;
  readonly limitUse: () => Promise<readonly LimitUse[]>;
  readonly freeBytes: () => number | undefined;
}

export async function readStoreFacts(parts: StoreFactsParts): Promise<StoreFacts> {
  const { pool, workspaceId, owner } = parts;
  // One after the other: metrics must not take the connections that ingest and readers need.
  const readers = await listProgress(pool, workspaceId);
  const suspensions = await listSuspensions(pool, workspaceId);
  const leases = await countLeases(pool, owner ?? '');
  const replays = await listReplayProgress(pool, workspaceId);
  const bytes = new Map<PartitionedTable, number>();
  for (const { table, bytes: size } of await partitionSizes(pool))
    bytes.set(table, (bytes.get(table) ?? 0) + size);
  return {
    readers,
    suspended: suspensions.map(({ connection }) => connection),
    leasesHeld: leases.held,
    workerCount: leases.workers,
    limits: await parts.limitUse(),
    replays,
    tables: [...bytes].map(([table, size]) => ({ table, bytes: size })),
    freeBytes: parts.freeBytes(),
  };
}
