import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ShardState } from '../store/queries/cursors.ts';
import type { LivingWorker } from '../store/queries/workers.ts';
import { assignShards, planFor, shardName } from './roster.ts';

function aShard(more: Partial<ShardState> = {}): ShardState {
  return {
    workspaceId: 1,
    connection: 'hubspot',
    shard: 0,
    epoch: 1,
    owner: undefined,
    shardsWanted: 1,
    ...more,
  };
}

function shardsOf(
  count: number,
  ownerOf: (shard: number) => string | undefined = () => undefined,
): ShardState[] {
  return Array.from({ length: count }, (_, shard) =>
    aShard({ shard, owner: ownerOf(shard), shardsWanted: count }),
  );
}

const aWorker = (id: string, more: Partial<LivingWorker> = {}): LivingWorker => ({
  id,
  workspaceId: undefined,
  isDraining: false,
  ...more,
});

function countsOf(assigned: ReadonlyMap<string, string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of assigned.values()) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

const owners = fc.array(fc.constantFrom('a', 'b', 'c', 'gone', undefined), { maxLength: 40 });
const ids = fc.subarray(['a', 'b', 'c', 'd', 'e'], { minLength: 1 });

test('every shard has a reader, and the loads of workers differ by one at the most', () => {
  fc.assert(
    fc.property(owners, ids, (owned, living) => {
      const shards = shardsOf(owned.length, (shard) => owned[shard]);
      const assigned = assignShards(
        shards,
        living.map((id) => aWorker(id)),
      );
      expect(assigned.size).toBe(shards.length);
      const counts = countsOf(assigned);
      const loads = living.map((id) => counts[id] ?? 0);
      expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
    }),
  );
});

test('what is spread stays where it is', () => {
  fc.assert(
    fc.property(owners, ids, (owned, living) => {
      const workers = living.map((id) => aWorker(id));
      const first = assignShards(
        shardsOf(owned.length, (shard) => owned[shard]),
        workers,
      );
      const settled = shardsOf(owned.length, (shard) => first.get(shardName(aShard({ shard }))));
      expect(assignShards(settled, workers)).toEqual(first);
    }),
  );
});

test('a worker that joins takes from the others no more than its share', () => {
  const shards = shardsOf(12, (shard) => (shard < 6 ? 'a' : 'b'));
  const assigned = assignShards(shards, [aWorker('a'), aWorker('b'), aWorker('c')]);
  expect(countsOf(assigned)).toEqual({ a: 4, b: 4, c: 4 });
  const moved = shards.filter((shard) => assigned.get(shardName(shard)) !== shard.owner);
  expect(moved).toHaveLength(4);
});

test('a worker of one workspace reads nothing else, and the others make up for it', () => {
  const shards = [1, 2].flatMap((workspaceId) => shardsOf(4).map((shard) => ({ ...shard, workspaceId })));
  const assigned = assignShards(shards, [aWorker('one', { workspaceId: 1 }), aWorker('all')]);
  expect(shards.map((shard) => [shard.workspaceId, assigned.get(shardName(shard))])).toEqual([
    ...shardsOf(4).map(() => [1, 'one']),
    ...shardsOf(4).map(() => [2, 'all']),
  ]);
});

test('workers that look at the same tables agree: each shard is wanted by one of them', () => {
  fc.assert(
    fc.property(owners, ids, (owned, living) => {
      const shards = shardsOf(owned.length, (shard) => owned[shard]);
      const workers = living.map((id) => aWorker(id));
      const wanted = living.flatMap((id) => [...planFor(id, shards, workers.toReversed()).wanted.keys()]);
      expect(wanted.sort()).toEqual(shards.map(shardName).sort());
    }),
  );
});

test('a draining worker is to read nothing, and what it still owns is not free', () => {
  const workers = [aWorker('a', { isDraining: true }), aWorker('b')];
  const [shard] = [aShard({ owner: 'a' })];
  expect(planFor('a', [shard], workers).wanted.size).toBe(0);
  expect(planFor('b', [shard], workers)).toMatchObject({ free: [] });
  expect(planFor('b', [{ ...shard, owner: undefined }], workers).free).toHaveLength(1);
});

test('what a dead worker owned is free, and so is what one left behind itself', () => {
  const shards = shardsOf(2, (shard) => (shard === 0 ? 'dead' : 'a'));
  expect(planFor('a', shards, [aWorker('a')]).free).toEqual(shards);
});

test('a connection that is to be cut anew is nobody’s until all of it is free', () => {
  const workers = [aWorker('a'), aWorker('b')];
  const read = shardsOf(2, (shard) => (shard === 0 ? 'a' : undefined)).map((shard) => ({
    ...shard,
    shardsWanted: 4,
  }));
  expect(planFor('a', read, workers)).toMatchObject({ free: [], recuts: [] });
  expect(planFor('a', read, workers).wanted.size).toBe(0);
  const free = read.map((shard) => ({ ...shard, owner: undefined }));
  expect(planFor('a', free, workers).recuts).toEqual([free[0]]);
});
