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
  add column done bigint[] not null default '{}',
  -- The lease is that of the owner's row in `workers`.
  drop column lease_until;

-- How a connection is read: {"shards": 1, "retry": {…}} (src/flows/workspace.ts).
alter table connections add column delivery jsonb not null default '{}';

-- Categories of consent that a person must have given for a flow's events (src/delivery/exclusion.ts).
alter table flows add column consent text[] not null default '{}';

-- Processes that read. A row is the lease of all that its process owns: renewed while the process lives, deleted by
-- itself on leaving or by the others once it was not renewed in time. A cursor whose owner has no row here is free; so
-- a renewal is one small write however many readers a process runs, and it never waits for what they are writing.
create table workers (
  -- Never used again, so that a process once declared dead cannot come back to life under it.
  id text constraint workers_pkey primary key,
  -- The one workspace that it reads; null for all.
  workspace_id integer references workspaces,
  host text not null,
  pid integer not null,
  -- Tells the process from a later one with the same pid (src/store/process-identity.ts).
  process_mark text not null,
  role text not null,
  version text not null,
  -- It finishes what is in flight and takes nothing more.
  is_draining boolean not null default false,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
) with (fillfactor = 50);

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
  -- What is replayed (src/delivery/replay/replay-filter.ts): times, event type, name, person, flow, outcome.
  filter jsonb not null,
  priority text not null constraint replays_priority_known check (priority in ('replay', 'backfill')),
  -- The share of the vendor's limits that it may use while live events want them too.
  rate_share real not null constraint replays_rate_share_sound check (rate_share > 0 and rate_share <= 1),
  status text not null default 'running'
    constraint replays_status_known check (status in ('running', 'paused', 'cancelled', 'done')),
  -- It reads events after `from_position` up to and with `to_position`.
  from_position bigint not null,
  to_position bigint not null,
  created_at timestamptz not null default now(),
  -- Since when it runs without a pause, and how many events it had looked at by then: for its rate.
  resumed_at timestamptz not null default now(),
  resumed_event_count bigint not null default 0,
  finished_at timestamptz
);

create index replays_by_connection on replays (workspace_id, connection, status);

-- How far a replay is, by slots: at first a row per shard of the connection. A row is split where a shard that reads it
-- ends, so each has one reader at a time, and is written with that reader's cursor, under its epoch.
create table replay_cursors (
  replay_id bigint not null references replays on delete cascade,
  slot_from smallint not null,
  slot_to smallint not null,
  position bigint not null,
  -- The live cursor of these slots when the replay was made: what lies beyond was not finished then.
  to_position bigint not null,
  is_done boolean not null default false,
  -- Events looked at, inputs made of those that match, and what became of these.
  event_count bigint not null default 0,
  input_count bigint not null default 0,
  delivered_count bigint not null default 0,
  skipped_count bigint not null default 0,
  parked_count bigint not null default 0,
  failed_count bigint not null default 0,
  updated_at timestamptz not null default now(),
  constraint replay_cursors_pkey primary key (replay_id, slot_from)
) with (fillfactor = 50);

-- Inputs of a replay that wait for another attempt stay behind live ones.
alter table parked add column priority text not null default 'live'
  constraint parked_priority_known check (priority in ('live', 'replay', 'backfill'));

-- A replayed input holds what came later too, up to this position, and keeps its place behind that. Inputs of a key come
-- back in the order of the place, then of the event.
alter table parked add column place bigint;
update parked set place = position;
alter table parked alter column place set not null;

-- Rows of a key are looked up by key; the slot, which used to stand in front, is a range now.
drop index parked_by_order_key;
create index parked_by_order_key on parked (workspace_id, connection, action, order_key, place, position);

create index dead_letters_by_person on dead_letters (workspace_id, position);

-- Pages of open letters in the order of their numbers, without sorting all of them.
create index dead_letters_open on dead_letters (workspace_id, id) where status = 'open';

-- Finds what died of a record, whatever key its events are filed under.
create index dead_letters_by_order_key on dead_letters (workspace_id, order_key);

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

-- The newest attempts before a number, newest first: of one connection or of all, with a failure or any. A function of
-- its own for its settings, as read_events is: without statistics the planner would sort all there are.
create function newest_attempts(
  p_workspace_id integer,
  p_connection text,
  p_before bigint,
  p_is_failed boolean,
  p_limit integer
)
returns setof attempts
language plpgsql stable
set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
begin
  return query
    select * from attempts a
    where a.workspace_id = p_workspace_id
      and (p_connection is null or a.connection = p_connection)
      and (p_before is null or a.id < p_before)
      and (not p_is_failed or a.retry_count > 0 or a.rejected_count > 0)
    order by a.id desc
    limit p_limit;
end
$$;

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

-- How far behind the end of the log a shard of a reader is, by a look at `p_scan` events after its cursor at the
-- most: how many there are, how many of them in the shard's slots, the position of the last, and when the first of
-- the shard was received. When none of the shard's is among them, `oldest_at` is the time of the last looked at.
-- A function of its own for its settings, as `read_events`.
create function look_ahead(
  p_workspace_id integer,
  p_after bigint,
  p_slot_from smallint,
  p_slot_to smallint,
  p_scan integer
)
returns table (scanned integer, matched integer, last_position bigint, oldest_at timestamptz)
language plpgsql stable set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off as $$
begin
  return query
    select count(*)::integer,
      count(*) filter (where e.slot >= p_slot_from and e.slot < p_slot_to)::integer,
      max(e.position),
      coalesce(
        min(e.received_at) filter (where e.slot >= p_slot_from and e.slot < p_slot_to),
        case when count(*) = p_scan then max(e.received_at) end
      )
    from (
      select l.position, l.slot, l.received_at from events l
      where l.workspace_id = p_workspace_id and l.position > p_after
      order by l.position
      limit p_scan
    ) e;
end
$$;

-- A day that no event from a position on can precede: the one before the position's own, because the clock that dates
-- events may have stepped back over midnight. Lets PostgreSQL pass over old partitions.
create function day_before_position(p_workspace_id integer, p_position bigint) returns date
language plpgsql stable set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off as $$
begin
  return coalesce(
    (
      select e.day - 1 from events e
      where e.workspace_id = p_workspace_id and e.position <= p_position
      order by e.position desc
      limit 1
    ),
    '-infinity'
  );
end
$$;

-- Looks through events after a position up to and with another, `p_look_max` of them at the most, for those that match;
-- arguments that are null match everything. The last event looked at comes back too, matching or not, so that the next
-- call goes on behind it: one call is bounded however rare a match is. A function of its own for its settings, as above.
create function find_events(
  p_workspace_id integer,
  p_after bigint,
  p_up_to bigint,
  p_slot_from smallint,
  p_slot_to smallint,
  p_since timestamptz,
  p_until timestamptz,
  p_source text,
  p_type text,
  p_name text,
  p_person_key text,
  p_limit integer,
  p_look_max integer
)
returns table (
  is_match boolean,
  looked_count integer,
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
declare
  v_day_from date := day_before_position(p_workspace_id, p_after);
begin
  return query
    select m.is_match, m.looked_count::integer, m.position, m.message_id, m.source, m.type, m.name, m.person_key,
      m.occurred_at::text, m.received_at::text, case when m.is_match then m.body else '{}' end
    from (
      select w.*,
        (p_since is null or w.received_at >= p_since) and (p_until is null or w.received_at < p_until)
          and (p_source is null or w.source = p_source) and (p_type is null or w.type = p_type)
          and (p_name is null or coalesce(w.name = p_name, false))
          and (p_person_key is null or w.person_key = p_person_key) as is_match
      from (
        select e.*, row_number() over walk as looked_count, lead(e.position) over walk is null as is_last
        from (
          select * from events
          where events.workspace_id = p_workspace_id and events.position > p_after and events.position <= p_up_to
            and events.day >= v_day_from and events.slot >= p_slot_from and events.slot < p_slot_to
          order by events.position
          limit p_look_max
        ) e
        window walk as (order by e.position)
      ) w
    ) m
    where m.is_match or m.is_last
    order by m.position
    limit p_limit;
end
$$;

-- Events of some people from a position up to and with another, newest first, until `p_limit` events or `p_bytes` bytes of
-- bodies are together. The settings, `offset 0` and positions compared as sums leave the index of people as the only way,
-- whatever the planner believes of a table without statistics.
create function read_events_of_people(
  p_workspace_id integer,
  p_person_keys text[],
  p_types text[],
  p_from bigint,
  p_up_to bigint,
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
language plpgsql stable set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off as $$
declare
  v_day_from date := day_before_position(p_workspace_id, p_from);
begin
  return query
    select w.position, w.message_id, w.source, w.type, w.name, w.person_key, w.occurred_at::text, w.received_at::text, w.body
    from (
      select e.*,
        sum(octet_length(e.body)) over (order by e.position + 0 desc rows between unbounded preceding and 1 preceding) as bytes_before
      from (select distinct p.key from unnest(p_person_keys) as p(key)) as person
      cross join lateral (
        select * from events
        where events.workspace_id = p_workspace_id and hashtext(events.person_key) = hashtext(person.key)
          and events.person_key = person.key and events.type = any (p_types) and events.day >= v_day_from
          and events.position + 0 >= p_from and events.position + 0 <= p_up_to
        offset 0
      ) e
      order by e.position + 0 desc
      limit p_limit
    ) w
    where coalesce(w.bytes_before, 0) < p_bytes
    order by w.position desc;
end
$$;

-- Writes limits whose versions are still the given ones, or, when one is not, none; answers with the time and, in that
-- case, with what is there. The rows must exist. Not waiting for the disk, for this session's next commit only: what
-- a crash of PostgreSQL forgets, half a second of grants, is less than one window of a vendor.
create function swap_limits(
  p_workspace_id integer,
  p_connection text,
  p_name text[],
  p_version bigint[],
  p_state text[]
)
returns table (now_ms double precision, name text, version bigint, state text)
language plpgsql volatile as $$
declare
  v_fresh integer;
begin
  perform set_config('synchronous_commit', 'off', true);
  -- Locked in the order of names, so that two writers of several limits never wait for each other.
  perform true from limits l
  where l.workspace_id = p_workspace_id and l.connection = p_connection and l.name = any (p_name)
  order by l.name for update;
  select count(*) into v_fresh
  from unnest(p_name, p_version) as i(name, version)
  join limits l on l.workspace_id = p_workspace_id and l.connection = p_connection and l.name = i.name
    and l.version = i.version;
  if v_fresh = cardinality(p_name) then
    update limits l set version = l.version + 1, state = i.state, updated_at = now()
    from unnest(p_name, p_state) as i(name, state)
    where l.workspace_id = p_workspace_id and l.connection = p_connection and l.name = i.name;
    return query select extract(epoch from clock_timestamp())::double precision * 1000, null::text, null::bigint, null::text;
  else
    return query
      select extract(epoch from clock_timestamp())::double precision * 1000, l.name, l.version, l.state
      from limits l
      where l.workspace_id = p_workspace_id and l.connection = p_connection and l.name = any (p_name);
  end if;
end
$$;
