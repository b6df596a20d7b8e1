-- The spine: workspaces, what linchpin.yaml declares, the log, its readers and what they leave behind.
-- Day partitions are made by the store (src/store/partitions.ts), ahead of time and on demand.

create table workspaces (
  id integer generated always as identity primary key,
  name text not null constraint workspaces_name_unique unique,
  created_at timestamptz not null default now()
);

create table sources (
  workspace_id integer not null references workspaces,
  name text not null,
  type text not null,
  settings jsonb not null,
  -- Sealed JSON object of the secret settings (src/store/seal.ts).
  secrets text not null,
  -- SHA-256 of the write key or bearer token, to find the source of a request without unsealing.
  credential_hash bytea not null constraint sources_credential_hash_unique unique,
  updated_at timestamptz not null default now(),
  constraint sources_pkey primary key (workspace_id, name)
);

create table connections (
  workspace_id integer not null references workspaces,
  name text not null,
  connector text not null,
  settings jsonb not null,
  secrets text not null,
  -- Keyed hash of the secrets: a changed credential is noticed without comparing plain text.
  secrets_fingerprint text not null,
  status text not null default 'active' constraint connections_status_known check (status in ('active', 'suspended')),
  suspended_at timestamptz,
  suspended_fault jsonb,
  updated_at timestamptz not null default now(),
  constraint connections_pkey primary key (workspace_id, name),
  constraint connections_suspension_complete
    check ((status = 'suspended') = (suspended_at is not null and suspended_fault is not null))
);

create table flows (
  workspace_id integer not null references workspaces,
  name text not null,
  preset text not null,
  source text not null,
  connection text not null,
  options jsonb not null,
  updated_at timestamptz not null default now(),
  constraint flows_pkey primary key (workspace_id, name),
  constraint flows_source_known foreign key (workspace_id, source) references sources,
  constraint flows_connection_known foreign key (workspace_id, connection) references connections
);

-- The log. Positions are given under a lock per workspace that is held until the commit is visible, so
-- within a workspace they grow in commit order and a reader can never skip one (append_events below).
create sequence events_position_seq as bigint;

create table events (
  position bigint not null default nextval('events_position_seq'),
  workspace_id integer not null,
  day date not null,
  -- Hash of the person key, 0..63: readers with several shards each take a range.
  shard smallint not null,
  message_id text not null,
  source text not null,
  type text not null,
  name text,
  person_key text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- JSON kept as text: jsonb costs 1.7 times the CPU on append (decisions/0002).
  body text not null,
  constraint events_pkey primary key (workspace_id, position, day),
  constraint events_message_id_unique unique (workspace_id, message_id, day)
) partition by range (day);

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
  p_shard smallint[],
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
  return query
    with inserted as (
      insert into events (workspace_id, day, shard, message_id, source, type, name, person_key, occurred_at, received_at, body)
      select p_workspace_id, v_day, i.shard, i.message_id, i.source, i.type, i.name, i.person_key, i.occurred_at, i.received_at, i.body
      from unnest(p_message_id, p_source, p_type, p_name, p_person_key, p_shard, p_occurred_at, p_received_at, p_body)
        as i(message_id, source, type, name, person_key, shard, occurred_at, received_at, body)
      where v_known is null or i.message_id <> all (v_known)
      returning events.position
    )
    select count(*)::integer, max(inserted.position), coalesce(v_known, '{}') from inserted;
end
$$;

-- Reads events after a position in order. A function of its own for its settings: on a table without statistics the
-- planner would fetch the whole backlog and sort it for every read, instead of walking the primary keys.
create function read_events(
  p_workspace_id integer,
  p_after bigint,
  p_day_from date,
  p_shard_from smallint,
  p_shard_to smallint,
  p_limit integer
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
    select e.position, e.message_id, e.source, e.type, e.name, e.person_key, e.occurred_at::text, e.received_at::text, e.body
    from events e
    where e.workspace_id = p_workspace_id and e.position > p_after and e.day >= p_day_from
      and e.shard >= p_shard_from and e.shard < p_shard_to
    order by e.position
    limit p_limit;
end
$$;

-- Items that an ingest call refused, one row each, so that nothing a client sent disappears unseen.
create table rejected_events (
  id bigint generated always as identity,
  workspace_id integer not null,
  day date not null,
  source text not null,
  received_at timestamptz not null,
  code text not null,
  field text,
  message text not null,
  body text not null,
  constraint rejected_events_pkey primary key (workspace_id, id, day)
) partition by range (day);

-- One row per reader and shard. `position` is a low watermark: every event up to it is finished or parked.
-- Every write of an owner names its epoch and is refused when another owner has taken over since.
create table cursors (
  workspace_id integer not null references workspaces,
  connection text not null,
  shard smallint not null,
  position bigint not null,
  epoch bigint not null default 0,
  owner text,
  lease_until timestamptz,
  updated_at timestamptz not null default now(),
  constraint cursors_pkey primary key (workspace_id, connection, shard)
) with (fillfactor = 50);

-- What was tried: one row per run of an action, holding every input of its batch with its outcome.
create table attempts (
  id bigint generated always as identity,
  workspace_id integer not null,
  day date not null,
  connection text not null,
  flow text not null,
  action text not null,
  started_at timestamptz not null,
  duration_ms integer not null,
  -- The span of log positions among the items; a batch of the live window spans little.
  first_position bigint not null,
  last_position bigint not null,
  delivered_count integer not null,
  skipped_count integer not null,
  retry_count integer not null,
  rejected_count integer not null,
  -- JSON: items [{position, eventId, attempt, outcome, …}] and exchanges [{request, response}] (src/delivery/record.ts).
  items text not null,
  exchanges text not null,
  constraint attempts_pkey primary key (workspace_id, id, day)
) partition by range (day);

create index attempts_by_position on attempts (workspace_id, connection, last_position, first_position);

-- Inputs that wait for another attempt, and those of the same order key that queue up behind them.
create table parked (
  workspace_id integer not null references workspaces,
  connection text not null,
  shard smallint not null,
  flow text not null,
  action text not null,
  order_key text not null,
  position bigint not null,
  event_id text not null,
  event_type text not null,
  input text not null,
  attempt_count integer not null,
  -- When the head of the key is due; null for those behind it.
  due_at timestamptz,
  fault jsonb,
  parked_at timestamptz not null default now(),
  constraint parked_pkey primary key (workspace_id, connection, position, flow)
);

create index parked_by_order_key on parked (workspace_id, connection, shard, action, order_key, position);

create table dead_letters (
  id bigint generated always as identity primary key,
  workspace_id integer not null references workspaces,
  connection text not null,
  shard smallint not null,
  flow text not null,
  action text not null,
  order_key text not null,
  position bigint not null,
  event_id text not null,
  event_type text not null,
  input text not null,
  attempt_count integer not null,
  fault jsonb not null,
  -- The last request and answer, redacted; null when nothing was sent.
  last_exchange text,
  status text not null default 'open'
    constraint dead_letters_status_known check (status in ('open', 'retried', 'discarded')),
  died_at timestamptz not null default now(),
  closed_at timestamptz
);

create index dead_letters_by_status on dead_letters (workspace_id, status, connection, id);
