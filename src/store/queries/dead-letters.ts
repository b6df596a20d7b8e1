/** Statements on dead letters: inputs that will not be tried again unless someone asks. */
import type { Fault } from '../../kernel/outcome.ts';
import type { CursorKey } from './cursors.ts';
import type { Db } from '../db.ts';

export interface DeadLetterRow {
  /** The event's hash slot. */
  readonly slot: number;
  readonly flow: string;
  readonly action: string;
  /** Empty when there is no input. */
  readonly orderKey: string;
  readonly position: number;
  readonly eventId: string;
  readonly eventType: string;
  /** JSON; that of null when the mapping failed and made none. */
  readonly input: string;
  readonly attemptCount: number;
  readonly fault: Fault;
  /** JSON of the last exchange; null when nothing was sent. */
  readonly lastExchange: string | null;
}

const INSERT = `
  insert into dead_letters (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type,
    input, attempt_count, fault, last_exchange)
  select $1, $2, slot, flow, action, "orderKey", position, "eventId", "eventType", input, "attemptCount", fault, "lastExchange"
  from json_to_recordset($3::json) as d(slot smallint, flow text, action text, "orderKey" text, position bigint, "eventId" text,
    "eventType" text, input text, "attemptCount" integer, fault jsonb, "lastExchange" text)`;

export async function insertDeadLetters(
  db: Db,
  key: Pick<CursorKey, 'workspaceId' | 'connection'>,
  rows: readonly DeadLetterRow[],
): Promise<void> {
  await db.query(INSERT, [key.workspaceId, key.connection, JSON.stringify(rows)]);
}

export const DEAD_LETTER_STATUSES = ['open', 'retried', 'discarded'] as const;
export type DeadLetterStatus = (typeof DEAD_LETTER_STATUSES)[number];

/** A letter without its last exchange, which is by far the largest part of it. */
export interface DeadLetter extends Omit<DeadLetterRow, 'lastExchange'> {
  readonly id: number;
  readonly connection: string;
  readonly status: DeadLetterStatus;
  readonly diedAt: Date;
  readonly closedAt: Date | null;
  /** Why someone discarded it. */
  readonly closedReason: string | null;
}

export interface WholeDeadLetter extends DeadLetter, Pick<DeadLetterRow, 'lastExchange'> {}

/** All that is given must hold. */
export interface DeadLetterFilter {
  readonly ids?: readonly number[];
  readonly connection?: string;
  readonly flow?: string;
  readonly action?: string;
  /** Code of the fault. */
  readonly code?: string;
  readonly eventType?: string;
  readonly personKey?: string;
  /** ISO times of death, `since` inclusive and `until` exclusive. */
  readonly since?: string;
  readonly until?: string;
  readonly status: DeadLetterStatus;
}

/** A stretch of letters in the order of their numbers. */
export interface DeadLetterPage {
  /** Only letters after this one. */
  readonly after: number;
  /** And none after this one; all when absent. */
  readonly upTo?: number;
  readonly limit: number;
}

const COLUMNS = `id, connection, slot, flow, action, order_key as "orderKey", position, event_id as "eventId",
  event_type as "eventType", input, attempt_count as "attemptCount", fault, status,
  died_at as "diedAt", closed_at as "closedAt", closed_reason as "closedReason"`;

const MATCHING = `workspace_id = $1 and status = $2 and ($3::bigint[] is null or id = any($3))
  and ($4::text is null or connection = $4) and ($5::text is null or flow = $5) and ($6::text is null or action = $6)
  and ($7::text is null or fault ->> 'code' = $7) and ($8::text is null or event_type = $8)
  and ($9::timestamptz is null or died_at >= $9) and ($10::timestamptz is null or died_at < $10)`;

// Those of a person by way of their events, each looked up by itself: open letters may be many, and of others.
const OF_PERSON = `(
  select d.* from events e
  cross join lateral (
    select * from dead_letters d where d.workspace_id = $1 and d.position = e.position offset 0
  ) d
  where e.workspace_id = $1 and hashtext(e.person_key) = hashtext($11) and e.person_key = $11
)`;

/** The letters that match. The other branch names the value too, for its number. */
function matching({ personKey }: DeadLetterFilter): string {
  return personKey === undefined
    ? `from dead_letters d where $11::text is null and ${MATCHING}`
    : `from ${OF_PERSON} d where ${MATCHING}`;
}

const ON_PAGE = `id > $12 and ($13::bigint is null or id <= $13) order by id limit $14`;

function valuesOf(workspaceId: number, filter: DeadLetterFilter): unknown[] {
  const { status, ids, connection, flow, action, code, eventType, since, until, personKey } = filter;
  return [workspaceId, status, ids, connection, flow, action, code, eventType, since, until, personKey];
}

/** Oldest first, the order in which they would be retried. */
export async function listDeadLetters(
  db: Db,
  workspaceId: number,
  filter: DeadLetterFilter,
  { after, upTo, limit }: DeadLetterPage,
): Promise<readonly DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(`select ${COLUMNS} ${matching(filter)} and ${ON_PAGE}`, [
    ...valuesOf(workspaceId, filter),
    after,
    upTo,
    limit,
  ]);
  return rows;
}

export interface DeadLetterCount {
  readonly code: string;
  readonly connection: string;
  readonly flow: string;
  readonly action: string;
  readonly count: number;
  readonly firstDiedAt: Date;
  readonly lastDiedAt: Date;
}

/** How many match, by what is wrong and where; most first. */
export async function countDeadLetters(
  db: Db,
  workspaceId: number,
  filter: DeadLetterFilter,
): Promise<readonly DeadLetterCount[]> {
  const { rows } = await db.query<DeadLetterCount>(
    `select fault ->> 'code' as code, connection, flow, action, count(*)::integer as count,
       min(died_at) as "firstDiedAt", max(died_at) as "lastDiedAt"
     ${matching(filter)}
     group by 1, 2, 3, 4 order by count desc, 1, 2, 3, 4`,
    valuesOf(workspaceId, filter),
  );
  return rows;
}

const FIND = `select ${COLUMNS}, last_exchange as "lastExchange" from dead_letters where workspace_id = $1 and id = $2`;

export async function findDeadLetter(
  db: Db,
  workspaceId: number,
  id: number,
): Promise<WholeDeadLetter | undefined> {
  const { rows } = await db.query<WholeDeadLetter>(FIND, [workspaceId, id]);
  return rows[0];
}

/** The status of each of these letters that there is. */
export async function findDeadLetterStatuses(
  db: Db,
  workspaceId: number,
  ids: readonly number[],
): Promise<ReadonlyMap<number, DeadLetterStatus>> {
  const { rows } = await db.query<{ readonly id: number; readonly status: DeadLetterStatus }>(
    `select id, status from dead_letters where workspace_id = $1 and id = any($2)`,
    [workspaceId, ids],
  );
  return new Map(rows.map(({ id, status }) => [id, status]));
}

const LAST = `select coalesce(max(id), 0) as id from dead_letters where workspace_id = $1 and status = 'open'`;

/** The newest open letter: where a command stops that must not see what dies while it runs. */
export async function findLastOpenDeadLetter(db: Db, workspaceId: number): Promise<number> {
  const { rows } = await db.query<{ readonly id: number }>(LAST, [workspaceId]);
  return rows[0]?.id ?? 0;
}

const AT = `select ${COLUMNS} from dead_letters where workspace_id = $1 and position = any($2) order by id`;

/** What of some events became dead letters, for any connection. */
export async function listDeadLettersAt(
  db: Db,
  workspaceId: number,
  positions: readonly number[],
): Promise<readonly DeadLetter[]> {
  const { rows } = await db.query<DeadLetter>(AT, [workspaceId, positions]);
  return rows;
}

/** How a letter goes back to the queue: what is null stays as the letter has it. */
export interface RetriedLetter {
  readonly id: number;
  readonly connection: string | null;
  readonly action: string | null;
  readonly orderKey: string | null;
  readonly input: string | null;
  /** The newest event that the input holds too; it keeps its place behind that. */
  readonly place: number | null;
}

// One input of an event and a flow can have died twice; it is parked once, as the newest letter has it. Due at the
// beginning of time: now, whatever the clocks of the database and of the worker say.
const RETRY = `
  with given as (
    select * from json_to_recordset($2::json) as g(id bigint, connection text, action text, "orderKey" text, input text, place bigint)
  ), closed as (
    update dead_letters d set status = 'retried', closed_at = now() from given g
    where d.workspace_id = $1 and d.id = g.id and d.status = 'open'
    returning d.id, coalesce(g.connection, d.connection) as connection, d.slot, d.flow, coalesce(g.action, d.action) as action,
      coalesce(g."orderKey", d.order_key) as order_key, d.position, d.event_id, d.event_type,
      coalesce(g.input, d.input) as input,
      greatest(g.place, d.position) as place, d.fault
  ), queued as (
    insert into parked (workspace_id, connection, slot, flow, action, order_key, position, event_id, event_type, input,
      attempt_count, due_at, fault, priority, place)
    select distinct on (connection, position, flow) $1, connection, slot, flow, action, order_key, position, event_id,
      event_type, input, 0, timestamptz 'epoch', fault, 'live', place
    from closed order by connection, position, flow, id desc
    on conflict (workspace_id, connection, position, flow)
    do update set action = excluded.action, order_key = excluded.order_key, input = excluded.input,
      place = excluded.place, attempt_count = 0, due_at = excluded.due_at, fault = excluded.fault
  )
  select id from closed order by id`;

/** Closes letters that are still open and parks their inputs as due now; returns the numbers of those. */
export async function retryDeadLetterRows(
  db: Db,
  workspaceId: number,
  letters: readonly RetriedLetter[],
): Promise<readonly number[]> {
  const { rows } = await db.query<{ readonly id: number }>(RETRY, [workspaceId, JSON.stringify(letters)]);
  return rows.map(({ id }) => id);
}

/** Discards what matches after a letter, oldest first; returns the numbers. */
export async function discardDeadLetterRows(
  db: Db,
  workspaceId: number,
  filter: DeadLetterFilter,
  { after, upTo, limit }: DeadLetterPage,
  reason: string | null,
): Promise<readonly number[]> {
  const { rows } = await db.query<{ readonly id: number }>(
    `with chosen as (
       select id as chosen_id ${matching(filter)} and ${ON_PAGE}
     ), closed as (
       update dead_letters set status = 'discarded', closed_at = now(), closed_reason = $15 from chosen
       where id = chosen_id and status = 'open' returning id
     )
     select id from closed order by id`,
    [...valuesOf(workspaceId, filter), after, upTo, limit, reason],
  );
  return rows.map(({ id }) => id);
}
