/**
 * Who reads what: spreads shards evenly over the workers that live, moving as few as possible. Every worker computes it
 * from the same tables and acts on its own part only, so workers need not talk; two that saw different states for
 * a moment cost a hand-over and no event, because only a lease lets anyone read. Pure.
 */
import type { ShardId, ShardState } from '../store/queries/cursors.ts';
import type { LivingWorker } from '../store/queries/workers.ts';

/** What one worker is to do now. */
export interface Plan {
  /** The shards that are to be its own, by `shardName`. */
  readonly wanted: ReadonlyMap<string, ShardState>;
  /** Those of them that it may take now. */
  readonly free: readonly ShardState[];
  /** Connections that are to have another number of shards, and that nobody reads any more. */
  readonly recuts: readonly Pick<ShardId, 'workspaceId' | 'connection'>[];
}

export function planFor(self: string, shards: readonly ShardState[], workers: readonly LivingWorker[]): Plan {
  const living = new Set(workers.map(({ id }) => id));
  const isFree = ({ owner }: ShardState): boolean => owner === undefined || !living.has(owner);
  const connections = new Map<string, ShardState[]>();
  for (const shard of shards) {
    const name = connectionName(shard);
    connections.set(name, [...(connections.get(name) ?? []), shard]);
  }
  const uncut = [...connections.values()].filter((own) => own.length !== own[0]?.shardsWanted);
  // Until a connection is cut anew, its shards are nobody's.
  const nobodys = new Set(uncut.flat());
  const assigned = assignShards(
    shards.filter((shard) => !nobodys.has(shard)),
    workers.filter(({ isDraining }) => !isDraining),
  );
  const wanted = shards.filter((shard) => assigned.get(shardName(shard)) === self);
  return {
    wanted: new Map(wanted.map((shard) => [shardName(shard), shard])),
    // What it owns already and does not read was left behind: taken and never begun, or not given back.
    free: wanted.filter((shard) => isFree(shard) || shard.owner === self),
    recuts: uncut.filter((own) => own.every(isFree)).flatMap((own) => own.slice(0, 1)),
  };
}

/**
 * The worker that is to read each shard, by `shardName`. A shard stays with its owner, unless another worker that may
 * read it has two shards fewer. What nobody may read is absent.
 */
export function assignShards(
  shards: readonly Pick<ShardState, 'workspaceId' | 'connection' | 'shard' | 'owner'>[],
  workers: readonly Pick<LivingWorker, 'id' | 'workspaceId'>[],
): ReadonlyMap<string, string> {
  // In one order for all workers, so that they agree on who is first among equals.
  const candidates = workers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const counts = new Map(workers.map(({ id }) => [id, 0]));
  const countOf = (id: string): number => counts.get(id) ?? 0;
  const assigned = new Map<string, string>();
  const give = (name: string, id: string): void => {
    const before = assigned.get(name);
    if (before !== undefined) counts.set(before, countOf(before) - 1);
    assigned.set(name, id);
    counts.set(id, countOf(id) + 1);
  };
  const mayRead = (worker: Pick<LivingWorker, 'workspaceId'>, workspaceId: number): boolean =>
    worker.workspaceId === undefined || worker.workspaceId === workspaceId;
  const idlestFor = (workspaceId: number): string | undefined => {
    let idlest: string | undefined;
    for (const worker of candidates) {
      if (!mayRead(worker, workspaceId)) continue;
      if (idlest === undefined || countOf(worker.id) < countOf(idlest)) idlest = worker.id;
    }
    return idlest;
  };
  for (const shard of shards) {
    const owner = workers.find(({ id }) => id === shard.owner);
    if (owner !== undefined && mayRead(owner, shard.workspaceId)) give(shardName(shard), owner.id);
  }
  for (const shard of shards) {
    const name = shardName(shard);
    const id = assigned.has(name) ? undefined : idlestFor(shard.workspaceId);
    if (id !== undefined) give(name, id);
  }
  // From the busiest first, so that none is moved twice. Each move makes the sum of the squares smaller, so this ends.
  for (;;) {
    let widest: { readonly name: string; readonly to: string; readonly gap: number } | undefined;
    for (const shard of shards) {
      const name = shardName(shard);
      const from = assigned.get(name);
      const to = idlestFor(shard.workspaceId);
      if (from === undefined || to === undefined) continue;
      const gap = countOf(from) - countOf(to);
      if (gap >= 2 && gap > (widest?.gap ?? 0)) widest = { name, to, gap };
    }
    if (widest === undefined) break;
    give(widest.name, widest.to);
  }
  return assigned;
}

// Names of connections hold no blank (`NAME` in src/ops/config/schema.ts).
export function connectionName({
  workspaceId,
  connection,
}: Pick<ShardId, 'workspaceId' | 'connection'>): string {
  return `${String(workspaceId)} ${connection}`;
}

export function shardName(shard: ShardId): string {
  return `${connectionName(shard)} ${String(shard.shard)}`;
}
