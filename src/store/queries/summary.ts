/** Statements that sum up a workspace: what came in, how far the readers are, what is open. */
import type { Db } from '../db.ts';
import { IS_READ } from './cursors.ts';
import { LEASE_MS } from './workers.ts';

export interface EventCount {
  readonly source: string;
  readonly type: string;
  readonly name: string | null;
  readonly count: number;
}

const COUNT_EVENTS = `
  select source, type, name, count(*)::integer as count from events where workspace_id = $1
  group by source, type, name order by source, type, name`;

/** Every event of the log by source, type and name: reads the whole log, so it is for small ones. */
export async function countEvents(db: Db, workspaceId: number): Promise<readonly EventCount[]> {
  const { rows } = await db.query<EventCount>(COUNT_EVENTS, [workspaceId]);
  return rows;
}

/** How far the reader of a connection is, all its shards together. */
export interface ReaderProgress {
  readonly connection: string;
  /** False when no flow sends to it: then nobody reads for it, and it is not behind. */
  readonly isRead: boolean;
  /** Events after its cursors. Some of them may be finished already: the cursor waits for the slowest. */
  readonly behind: number;
  /** False when `behind` is an estimate, because more is left than was looked at. */
  readonly isExact: boolean;
  /** Seconds since the first of these was received; 0 when there is none. */
  readonly behindSeconds: number;
  /** Inputs that wait, and open dead letters, both counted up to `COUNT_MAX`. */
  readonly parked: number;
  readonly deadLetters: number;
  readonly shardCount: number;
  /** Shards that a living worker reads. */
  readonly ownedCount: number;
}

// What a look at one shard may cost: ten thousand index entries and their rows, whatever the backlog.
const LOOK_AHEAD_EVENTS = 10_000;

/** Beyond this it no longer matters how many they are, and counting on would make every look slower. */
export const COUNT_MAX = 100_000;

const PROGRESS = `
  with shards as (
    select c.connection, c.position, r.is_read, a.scanned, a.matched, a.last_position,
      extract(epoch from now() - a.oldest_at)::float8 as seconds,
      exists (select from workers w where w.id = c.owner and w.seen_at >= now() - $4 * interval '1 millisecond') as is_owned,
      (select coalesce(max(e.position), 0) from events e where e.workspace_id = c.workspace_id) as head
    from cursors c
    cross join lateral (select ${IS_READ} as is_read) r
    cross join lateral
      look_ahead(c.workspace_id, c.position, c.slot_from, c.slot_to, case when r.is_read then $2 else 0 end) a
    where c.workspace_id = $1
  )
  select s.connection, bool_or(s.is_read) as "isRead",
    -- Beyond what was looked at, positions are as densely filled as within.
    sum(case when s.scanned < $2 then s.matched
      else s.matched + s.matched::float8 / (s.last_position - s.position) * (s.head - s.last_position) end)::bigint as behind,
    bool_and(s.scanned < $2) as "isExact",
    coalesce(max(greatest(s.seconds, 0)), 0) as "behindSeconds",
    (select count(*)::integer from (
      select from parked p where p.workspace_id = $1 and p.connection = s.connection limit $3) p) as parked,
    (select count(*)::integer from (
      select from dead_letters d where d.workspace_id = $1 and d.connection = s.connection and d.status = 'open' limit $3) d
    ) as "deadLetters",
    count(*)::integer as "shardCount",
    count(*) filter (where s.is_owned)::integer as "ownedCount"
  from shards s group by s.connection order by s.connection`;

/** How far every reader of a workspace is, at a cost that does not grow with the backlog. */
export async function listProgress(db: Db, workspaceId: number): Promise<readonly ReaderProgress[]> {
  const { rows } = await db.query<ReaderProgress>(PROGRESS, [
    workspaceId,
    LOOK_AHEAD_EVENTS,
    COUNT_MAX,
    LEASE_MS,
  ]);
  return rows;
}

const EMPTY = `
  truncate workspaces, sources, connections, flows, cursors, workers, limits, replays, replay_cursors, parked,
    dead_letters, events, duplicates, rejected_events, attempts, logins, sent_once
  restart identity`;

/** Forgets every workspace and all that belongs to them. For folders that hold nothing anyone would miss. */
export async function emptyStore(db: Db): Promise<void> {
  await db.query(EMPTY);
}
