-- The schema after all migrations. Written by `npm run schema`; a test compares it.

create table attempts (
  id bigint not null generated always as identity,
  workspace_id integer not null,
  day date not null,
  connection text not null,
  flow text not null,
  action text not null,
  started_at timestamp with time zone not null,
  duration_ms integer not null,
  first_position bigint not null,
  last_position bigint not null,
  delivered_count integer not null,
  skipped_count integer not null,
  retry_count integer not null,
  rejected_count integer not null,
  items text not null,
  exchanges text not null,
  constraint attempts_pkey PRIMARY KEY (workspace_id, id, day)
) partition by range (day);
CREATE INDEX attempts_by_position ON ONLY public.attempts USING btree (workspace_id, connection, last_position, first_position);

create table connections (
  workspace_id integer not null,
  name text not null,
  connector text not null,
  settings jsonb not null,
  secrets text not null,
  secrets_fingerprint text not null,
  status text not null default 'active'::text,
  suspended_at timestamp with time zone,
  suspended_fault jsonb,
  updated_at timestamp with time zone not null default now(),
  constraint connections_pkey PRIMARY KEY (workspace_id, name),
  constraint connections_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint connections_status_known CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text]))),
  constraint connections_suspension_complete CHECK (((status = 'suspended'::text) = ((suspended_at IS NOT NULL) AND (suspended_fault IS NOT NULL))))
);

create table cursors (
  workspace_id integer not null,
  connection text not null,
  shard smallint not null,
  position bigint not null,
  epoch bigint not null default 0,
  owner text,
  lease_until timestamp with time zone,
  updated_at timestamp with time zone not null default now(),
  constraint cursors_pkey PRIMARY KEY (workspace_id, connection, shard),
  constraint cursors_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
) with (fillfactor=50);

create table dead_letters (
  id bigint not null generated always as identity,
  workspace_id integer not null,
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
  last_exchange text,
  status text not null default 'open'::text,
  died_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  constraint dead_letters_pkey PRIMARY KEY (id),
  constraint dead_letters_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint dead_letters_status_known CHECK ((status = ANY (ARRAY['open'::text, 'retried'::text, 'discarded'::text])))
);
CREATE INDEX dead_letters_by_status ON public.dead_letters USING btree (workspace_id, status, connection, id);

create table events (
  position bigint not null default nextval('events_position_seq'::regclass),
  workspace_id integer not null,
  day date not null,
  shard smallint not null,
  message_id text not null,
  source text not null,
  type text not null,
  name text,
  person_key text not null,
  occurred_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  body text not null,
  constraint events_pkey PRIMARY KEY (workspace_id, "position", day),
  constraint events_message_id_unique UNIQUE (workspace_id, message_id, day)
) partition by range (day);

create table flows (
  workspace_id integer not null,
  name text not null,
  preset text not null,
  source text not null,
  connection text not null,
  options jsonb not null,
  updated_at timestamp with time zone not null default now(),
  constraint flows_pkey PRIMARY KEY (workspace_id, name),
  constraint flows_connection_known FOREIGN KEY (workspace_id, connection) REFERENCES connections(workspace_id, name),
  constraint flows_source_known FOREIGN KEY (workspace_id, source) REFERENCES sources(workspace_id, name),
  constraint flows_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);

create table migrations (
  number integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (number)
);

create table parked (
  workspace_id integer not null,
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
  due_at timestamp with time zone,
  fault jsonb,
  parked_at timestamp with time zone not null default now(),
  constraint parked_pkey PRIMARY KEY (workspace_id, connection, "position", flow),
  constraint parked_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX parked_by_order_key ON public.parked USING btree (workspace_id, connection, shard, action, order_key, "position");

create table rejected_events (
  id bigint not null generated always as identity,
  workspace_id integer not null,
  day date not null,
  source text not null,
  received_at timestamp with time zone not null,
  code text not null,
  field text,
  message text not null,
  body text not null,
  constraint rejected_events_pkey PRIMARY KEY (workspace_id, id, day)
) partition by range (day);

create table sources (
  workspace_id integer not null,
  name text not null,
  type text not null,
  settings jsonb not null,
  secrets text not null,
  credential_hash bytea not null,
  updated_at timestamp with time zone not null default now(),
  constraint sources_pkey PRIMARY KEY (workspace_id, name),
  constraint sources_credential_hash_unique UNIQUE (credential_hash),
  constraint sources_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);

create table workspaces (
  id integer not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_name_unique UNIQUE (name)
);

create sequence events_position_seq as bigint;

CREATE OR REPLACE FUNCTION public.append_events(p_workspace_id integer, p_message_id text[], p_source text[], p_type text[], p_name text[], p_person_key text[], p_shard smallint[], p_occurred_at timestamp with time zone[], p_received_at timestamp with time zone[], p_body text[])
 RETURNS TABLE(appended_count integer, last_position bigint, duplicate_ids text[])
 LANGUAGE plpgsql
 SET enable_seqscan TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.read_events(p_workspace_id integer, p_after bigint, p_day_from date, p_shard_from smallint, p_shard_to smallint, p_limit integer)
 RETURNS TABLE("position" bigint, message_id text, source text, type text, name text, person_key text, occurred_at text, received_at text, body text)
 LANGUAGE plpgsql
 STABLE
 SET enable_sort TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
begin
  return query
    select e.position, e.message_id, e.source, e.type, e.name, e.person_key, e.occurred_at::text, e.received_at::text, e.body
    from events e
    where e.workspace_id = p_workspace_id and e.position > p_after and e.day >= p_day_from
      and e.shard >= p_shard_from and e.shard < p_shard_to
    order by e.position
    limit p_limit;
end
$function$;
