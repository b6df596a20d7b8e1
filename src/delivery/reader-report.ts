/** What the readers of a worker's workspaces are doing, for health and metrics. */
import type { ShardState } from '../store/queries/cursors.ts';
import type { Configured } from './configured.ts';
import type { LogWatch } from './log-watch.ts';
import type { ReaderState } from './reader.ts';
import type { Seats } from './seats.ts';

/** What one shard's reader is doing, in this process or elsewhere. */
export interface ReaderReport {
  readonly workspace: string;
  readonly workspaceId: number;
  readonly connection: string;
  readonly shard: number;
  /** `elsewhere`: another worker owns it; `waiting`: nobody does. */
  readonly state: ReaderState | 'leaving' | 'elsewhere' | 'waiting';
  readonly epoch: number;
  /** The newest event that this process has read for it; `undefined` when it does not read it. */
  readonly readPosition: number | undefined;
  /** The newest event of the log at the last look. */
  readonly head: number | undefined;
}

export function reportReaders(
  shards: readonly ShardState[],
  configured: Configured,
  seats: Seats,
  logWatch: LogWatch,
): readonly ReaderReport[] {
  return shards.flatMap((state): readonly ReaderReport[] => {
    const { workspaceId, connection, shard, epoch, owner } = state;
    const workspace = configured.find(state)?.workspace;
    if (workspace === undefined) return [];
    const seat = seats.get(state);
    return [
      {
        workspace,
        workspaceId,
        connection,
        shard,
        state: seat?.state ?? (owner === undefined ? 'waiting' : 'elsewhere'),
        epoch: seat?.lease.epoch ?? epoch,
        readPosition: seat?.readPosition,
        head: logWatch.headOf(workspaceId),
      },
    ];
  });
}
