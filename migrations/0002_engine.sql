-- The delivery engine: readers of several shards on several workers, limits that all workers share, replays, and a
-- record of duplicates.

-- Events are spread over 64 hash slots; a shard of a reader is a range of them, so that the number of shards can
-- change without touching an event.
alter table events rename column shard to slot;
alter table parked rename column shard to slot;
alter table dead_letters rename column shard to slot;

-- Finds the events of a person: for a replay that must know what came later, and for `people show`. The hash keeps
-- an entry at 16 bytes whatever the length of the key.
create index events_by_person on events (workspace_id, hashtext(person_key));

-- A reader's shard reads the slots from `slot_from` to before `slot_to`. `done` holds what is finished or parked beyond
-- `position`, four numbers each: slots from and to (exclusive), positions from and to (both inclusive). Whoever
-- reads next after a crash, or after the number of shards was changed, passes over them.
alter table cursors
  add column slot_from smallint not null default 0,
  add column slot_to smallint not null default 64,
  add column done bigint[] not null default '{}';

-- How a connection is read: {"shards": 1, "retry": {…}} (src/flows/workspace.ts).
alter table connections add column delivery jsonb not null default '{}';

-- Processes that read, each renewing its row while it lives: so that each knows how many share the load.
create table workers (
  id text constraint workers_pkey primary key,
  host text not null,
  pid integer not null,
  role text not null,
  version text not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- What all workers of a connection know of one limit of its vendor. Written by compare-and-swap on `version`.
create table limits (
  workspace_id integer not null references workspaces,
  connection text not null,
  name text not null,
  version bigint not null default 0,
  state text not null,
  updated_at timestamptz not null default now(),
  constraint limits_pkey primary key (workspace_id, connection, name)
) with (fillfactor = 50);

-- A replay sends events of the past again, beside the live reader of its connection.
create table replays (
  id bigint generated always as identity constraint replays_pkey primary key,
  workspace_id integer not null references workspaces,
  connection text not null,
  -- What is replayed (src/delivery/replay/): times, event type, name, person, flow, outcome.
  filter jsonb not null,
  priority text not null constraint replays_priority_known check (priority in ('replay', 'backfill')),
  -- The share of the vendor's limits that it may use while live events need none of it.
  rate_share real not null,
  status text not null default 'running'
    constraint replays_status_known check (status in ('running', 'paused', 'cancelled', 'done', 'failed')),
  -- It reads events after `from_position` up to and with `to_position`.
  from_position bigint not null,
  to_position bigint not null,
  fault jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);

create index replays_by_connection on replays (workspace_id, connection, status);

-- How far each shard of the connection is with a replay; written with the cursor, under the same epoch.
create table replay_cursors (
  replay_id bigint not null references replays on delete cascade,
  slot_from smallint not null,
  slot_to smallint not null,
  position bigint not null,
  is_done boolean not null default false,
  -- Events looked at, inputs made of them, and what became of those.
  event_count bigint not null default 0,
  input_count bigint not null default 0,
  delivered_count bigint not null default 0,
  skipped_count bigint not null default 0,
  failed_count bigint not null default 0,
  updated_at timestamptz not null default now(),
  constraint replay_cursors_pkey primary key (replay_id, slot_from)
) with (fillfactor = 50);

-- Inputs of a replay that wait for another attempt stay behind live ones.
alter table parked add column priority text not null default 'live'
  constraint parked_priority_known check (priority in ('live', 'replay', 'backfill'));

-- Rows of a key are looked up by key; the slot, which used to stand in front, is a range now.
drop index parked_by_order_key;
create index parked_by_order_key on parked (workspace_id, connection, action, order_key, position);

create index dead_letters_by_person on dead_letters (workspace_id, position);

-- Pages of open letters in the order of their numbers, without sorting all of them.
create index dead_letters_open on dead_letters (workspace_id, id) where status = 'open';

-- Why someone discarded it.
alter table dead_letters add column closed_reason text;

-- The attempts of an event are those whose span holds its position. Asked class by class, the stretch to look at is
-- as short as the rows of the class: one entry for actions that go one by one (src/store/queries/attempts.ts).
drop index attempts_by_position;
create index attempts_by_position on attempts (
  workspace_id,
  (case when last_position = first_position then 0 when last_position - first_position < 1000 then 1 else 2 end),
  last_position,
  first_position
);

-- The newest attempts of a connection, and those with failures, which are few.
create index attempts_by_connection on attempts (workspace_id, connection, id);
create index attempts_failed on attempts (workspace_id, id) where retry_count > 0 or rejected_count > 0;

-- Messages that came again within a day and were dropped, so that the story of an event can tell of them.
create table duplicates (
  workspace_id integer not null,
  day date not null,
  message_id text not null,
  source text not null,
  received_at timestamptz not null
) partition by range (day);

create index duplicates_by_message on duplicates (workspace_id, message_id);

drop function append_events;

-- Appends events of one workspace in order, dropping those whose id it has from yesterday on. The lock comes
-- first and in a statement of its own: each statement of a volatile function has its own snapshot, so what
-- follows sees every earlier append of the workspace. Tomorrow is looked at too, for a clock that was set back.
-- The arrays are columns of equal length; each id stands in `p_message_id` at most once. decisions/0002 has what
-- the other forms cost.
create function append_events(
  p_workspace_id integer,
  p_message_id text[],
  p_source text[],
  p_type text[],
  p_name text[],
  p_person_key text[],
  p_slot smallint[],
  p_occurred_at timestamptz[],
  p_received_at timestamptz[],
  p_body text[]
)
returns table (appended_count integer, last_position bigint, duplicate_ids text[])
-- The plan is kept from the first calls, when the table is empty and a scan looks cheapest.
language plpgsql volatile set enable_seqscan = off as $$
declare
  v_day date;
  v_known text[];
begin
  -- 1 is the lock class of the log; migrations and maintenance use others (src/store/locks.ts).
  perform pg_advisory_xact_lock(1, p_workspace_id);
  v_day := (clock_timestamp() at time zone 'utc')::date;
  select array_agg(i.message_id) into v_known
  from unnest(p_message_id) as i(message_id)
  where (
    select true from events e
    where e.workspace_id = p_workspace_id and e.message_id = i.message_id and e.day between v_day - 1 and v_day + 1
    limit 1
  );
  if v_known is not null then
    insert into duplicates (workspace_id, day, message_id, source, received_at)
    select p_workspace_id, v_day, i.message_id, i.source, i.received_at
    from unnest(p_message_id, p_source, p_received_at) as i(message_id, source, received_at)
    where i.message_id = any (v_known);
  end if;
  return query
    with inserted as (
      insert into events (workspace_id, day, slot, message_id, source, type, name, person_key, occurred_at, received_at, body)
      select p_workspace_id, v_day, i.slot, i.message_id, i.source, i.type, i.name, i.person_key, i.occurred_at, i.received_at, i.body
      from unnest(p_message_id, p_source, p_type, p_name, p_person_key, p_slot, p_occurred_at, p_received_at, p_body)
        as i(message_id, source, type, name, person_key, slot, occurred_at, received_at, body)
      where v_known is null or i.message_id <> all (v_known)
      returning events.position
    )
    select count(*)::integer, max(inserted.position), coalesce(v_known, '{}') from inserted;
end
$$;

drop function read_events;

-- Reads events after a position in order, until `p_limit` events or `p_bytes` bytes of bodies are together, one event
-- at least. A function of its own for its settings: on a table without statistics the planner would fetch the whole
-- backlog and sort it for every read, instead of walking the primary keys.
create function read_events(
  p_workspace_id integer,
  p_after bigint,
  p_day_from date,
  p_slot_from smallint,
  p_slot_to smallint,
  p_limit integer,
  p_bytes bigint
)
returns table (
  "position" bigint,
  message_id text,
  source text,
  type text,
  name text,
  person_key text,
  occurred_at text,
  received_at text,
  body text
)
language plpgsql stable set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off as $$
begin
  return query
    select w.position, w.message_id, w.source, w.type, w.name, w.person_key, w.occurred_at::text, w.received_at::text, w.body
    from (
      select e.*, sum(octet_length(e.body)) over (order by e.position rows between unbounded preceding and 1 preceding) as bytes_before
      from events e
      where e.workspace_id = p_workspace_id and e.position > p_after and e.day >= p_day_from
        and e.slot >= p_slot_from and e.slot < p_slot_to
      order by e.position
      limit p_limit
    ) w
    where coalesce(w.bytes_before, 0) < p_bytes;
end
$$;
