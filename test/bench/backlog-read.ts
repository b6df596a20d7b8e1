/** Whether a long backlog slows reading: the same reads at the start of a long one and of a short one. */
import type { Pool } from 'pg';
import { fromRow } from '../../src/log/index.ts';
import { readEvents } from '../../src/store/queries/events.ts';
import { ensureWorkspace } from '../../src/store/queries/workspaces.ts';
import type { EngineBench } from './engine-bench.ts';
import { inParallel, median } from './measure.ts';

// Made by the server itself, which takes a tenth of the time of sending them. Bodies are shorter than most, so that ten
// million fit a disk: a read's search for its place does not depend on them.
const GENERATE = `
  insert into events (workspace_id, day, slot, message_id, source, type, name, person_key, occurred_at, received_at, body)
  select $1::integer, (now() at time zone 'utc')::date, i % 64, $1::integer || '-' || i, 'site', 'identify', null, 'user-' || i % 50000, now(), now(),
    '{"type":"identify","userId":"user-' || i % 50000 || '","traits":{"email":"person.' || i % 50000 || '@example.com","plan":"' || md5(i::text) || '"}}'
  from generate_series($2::integer, $3::integer) as i`;

const GENERATE_AT_ONCE = 500_000;
const READ_EVENTS = 1_000;
const READS = 100;

export interface BacklogRead {
  /** Milliseconds of a read of a thousand events, by one reader and by one of four shards. */
  readonly longMs: number;
  readonly shortMs: number;
  readonly longShardMs: number;
  readonly shortShardMs: number;
}

export async function backlogRead(
  bench: EngineBench,
  events: { readonly long: number; readonly short: number },
): Promise<BacklogRead> {
  const short = await makeBacklog(bench, 'backlog-short', events.short);
  const long = await makeBacklog(bench, 'backlog-long', events.long);
  const times = { long: [], short: [], longShard: [], shortShard: [] } as Record<
    'long' | 'short' | 'longShard' | 'shortShard',
    number[]
  >;
  for (let read = 0; read < READS; read += 1) {
    times.long.push(await timeRead(long, read, ALL_SLOTS));
    times.short.push(await timeRead(short, read, ALL_SLOTS));
    times.longShard.push(await timeRead(long, read, QUARTER));
    times.shortShard.push(await timeRead(short, read, QUARTER));
  }
  return {
    longMs: median(times.long),
    shortMs: median(times.short),
    longShardMs: median(times.longShard),
    shortShardMs: median(times.shortShard),
  };
}

const ALL_SLOTS = { from: 0, to: 64 };
const QUARTER = { from: 16, to: 32 };

interface Backlog {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly first: number;
}

async function makeBacklog({ pool }: EngineBench, name: string, count: number): Promise<Backlog> {
  const workspaceId = await ensureWorkspace(pool, name);
  const { rows } = await pool.query<{ first: number }>(
    `select coalesce(max(position), 0) as first from events`,
  );
  // Two at once: as many as the machine of the aims has cores.
  await inParallel(2, Math.ceil(count / GENERATE_AT_ONCE), async (part) => {
    const from = part * GENERATE_AT_ONCE + 1;
    await pool.query(GENERATE, [workspaceId, from, Math.min(count, from + GENERATE_AT_ONCE - 1)]);
  });
  return { pool, workspaceId, first: rows[0]?.first ?? 0 };
}

/** Each read begins a thousand positions further on. Asked of the store, because readers of one log share what they read. */
async function timeRead(
  { pool, workspaceId, first }: Backlog,
  read: number,
  slots: { readonly from: number; readonly to: number },
): Promise<number> {
  const position = first + read * READ_EVENTS;
  const started = performance.now();
  const rows = await readEvents(pool, {
    workspaceId,
    after: position,
    dayFrom: '-infinity',
    slotFrom: slots.from,
    slotTo: slots.to,
    limit: READ_EVENTS,
    // A body has some 150 characters: the limit of events comes first.
    bytes: 1e9,
  });
  const events = rows.map(fromRow);
  if (events.length !== READ_EVENTS) throw new Error(`A read gave ${String(events.length)} events.`);
  return performance.now() - started;
}
