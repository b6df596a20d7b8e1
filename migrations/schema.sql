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
CREATE INDEX attempts_by_connection ON ONLY public.attempts USING btree (workspace_id, connection, id);
CREATE INDEX attempts_by_position ON ONLY public.attempts USING btree (workspace_id, (
CASE
    WHEN (last_position = first_position) THEN 0
    WHEN ((last_position - first_position) < 1000) THEN 1
    ELSE 2
END), last_position, first_position);
CREATE INDEX attempts_failed ON ONLY public.attempts USING btree (workspace_id, id) WHERE ((retry_count > 0) OR (rejected_count > 0));

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
  delivery jsonb not null default '{}'::jsonb,
  failing_since timestamp with time zone,
  failed_at timestamp with time zone,
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
  updated_at timestamp with time zone not null default now(),
  slot_from smallint not null default 0,
  slot_to smallint not null default 64,
  done bigint[] not null default '{}'::bigint[],
  constraint cursors_pkey PRIMARY KEY (workspace_id, connection, shard),
  constraint cursors_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
) with (fillfactor=50);

create table dead_letters (
  id bigint not null generated always as identity,
  workspace_id integer not null,
  connection text not null,
  slot smallint not null,
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
  closed_reason text,
  constraint dead_letters_pkey PRIMARY KEY (id),
  constraint dead_letters_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint dead_letters_status_known CHECK ((status = ANY (ARRAY['open'::text, 'retried'::text, 'discarded'::text])))
);
CREATE INDEX dead_letters_by_order_key ON public.dead_letters USING btree (workspace_id, order_key);
CREATE INDEX dead_letters_by_person ON public.dead_letters USING btree (workspace_id, "position");
CREATE INDEX dead_letters_by_status ON public.dead_letters USING btree (workspace_id, status, connection, id);
CREATE INDEX dead_letters_open ON public.dead_letters USING btree (workspace_id, id) WHERE (status = 'open'::text);

create table duplicates (
  workspace_id integer not null,
  day date not null,
  message_id text not null,
  source text not null,
  received_at timestamp with time zone not null
) partition by range (day);
CREATE INDEX duplicates_by_message ON ONLY public.duplicates USING btree (workspace_id, message_id);

create table events (
  position bigint not null default nextval('events_position_seq'::regclass),
  workspace_id integer not null,
  day date not null,
  slot smallint not null,
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
CREATE INDEX events_by_person ON ONLY public.events USING btree (workspace_id, hashtext(person_key));

create table flows (
  workspace_id integer not null,
  name text not null,
  preset text,
  source text not null,
  connection text not null,
  options jsonb not null,
  updated_at timestamp with time zone not null default now(),
  consent text[] not null default '{}'::text[],
  action text,
  condition jsonb,
  mapping jsonb,
  constraint flows_pkey PRIMARY KEY (workspace_id, name),
  constraint flows_connection_known FOREIGN KEY (workspace_id, connection) REFERENCES connections(workspace_id, name),
  constraint flows_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint flows_preset_or_action CHECK ((((preset IS NULL) <> (action IS NULL)) AND ((mapping IS NULL) = (action IS NULL))))
);

create table limits (
  workspace_id integer not null,
  connection text not null,
  name text not null,
  version bigint not null default 0,
  state text not null,
  updated_at timestamp with time zone not null default now(),
  constraint limits_pkey PRIMARY KEY (workspace_id, connection, name),
  constraint limits_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
) with (fillfactor=50);

create table logins (
  workspace_id integer not null,
  connection text not null,
  login_id text not null,
  client_id text not null,
  access_token text not null,
  refresh_token text not null,
  renew_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  account text,
  scopes text[],
  version bigint not null default 1,
  claim text,
  claimed_until timestamp with time zone,
  logged_in_at timestamp with time zone not null default now(),
  renewed_at timestamp with time zone,
  constraint logins_pkey PRIMARY KEY (workspace_id, connection),
  constraint logins_connection_known FOREIGN KEY (workspace_id, connection) REFERENCES connections(workspace_id, name) ON DELETE CASCADE,
  constraint logins_claim_complete CHECK (((claim IS NULL) = (claimed_until IS NULL)))
) with (fillfactor=50);

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
  slot smallint not null,
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
  priority text not null default 'live'::text,
  place bigint not null,
  constraint parked_pkey PRIMARY KEY (workspace_id, connection, "position", flow),
  constraint parked_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint parked_priority_known CHECK ((priority = ANY (ARRAY['live'::text, 'replay'::text, 'backfill'::text])))
);
CREATE INDEX parked_by_order_key ON public.parked USING btree (workspace_id, connection, action, order_key, place, "position");

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

create table replay_cursors (
  replay_id bigint not null,
  slot_from smallint not null,
  slot_to smallint not null,
  position bigint not null,
  to_position bigint not null,
  is_done boolean not null default false,
  event_count bigint not null default 0,
  input_count bigint not null default 0,
  delivered_count bigint not null default 0,
  skipped_count bigint not null default 0,
  parked_count bigint not null default 0,
  failed_count bigint not null default 0,
  updated_at timestamp with time zone not null default now(),
  constraint replay_cursors_pkey PRIMARY KEY (replay_id, slot_from),
  constraint replay_cursors_replay_id_fkey FOREIGN KEY (replay_id) REFERENCES replays(id) ON DELETE CASCADE
) with (fillfactor=50);

create table replays (
  id bigint not null generated always as identity,
  workspace_id integer not null,
  connection text not null,
  filter jsonb not null,
  priority text not null,
  rate_share real not null,
  status text not null default 'running'::text,
  from_position bigint not null,
  to_position bigint not null,
  created_at timestamp with time zone not null default now(),
  resumed_at timestamp with time zone not null default now(),
  resumed_event_count bigint not null default 0,
  finished_at timestamp with time zone,
  constraint replays_pkey PRIMARY KEY (id),
  constraint replays_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  constraint replays_priority_known CHECK ((priority = ANY (ARRAY['replay'::text, 'backfill'::text]))),
  constraint replays_rate_share_sound CHECK (((rate_share > (0)::double precision) AND (rate_share <= (1)::double precision))),
  constraint replays_status_known CHECK ((status = ANY (ARRAY['running'::text, 'paused'::text, 'cancelled'::text, 'done'::text])))
);
CREATE INDEX replays_by_connection ON public.replays USING btree (workspace_id, connection, status);

create table sent_once (
  workspace_id integer not null,
  connection text not null,
  action text not null,
  once_key text not null,
  sent_at timestamp with time zone not null,
  constraint sent_once_pkey PRIMARY KEY (workspace_id, connection, action, once_key),
  constraint sent_once_connection_known FOREIGN KEY (workspace_id, connection) REFERENCES connections(workspace_id, name) ON DELETE CASCADE
);
CREATE INDEX sent_once_sent_at ON public.sent_once USING brin (sent_at);

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

create table workers (
  id text not null,
  workspace_id integer,
  host text not null,
  pid integer not null,
  process_mark text not null,
  role text not null,
  version text not null,
  is_draining boolean not null default false,
  started_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  constraint workers_pkey PRIMARY KEY (id),
  constraint workers_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
) with (fillfactor=50);

create table workspaces (
  id integer not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint workspaces_pkey PRIMARY KEY (id),
  constraint workspaces_name_unique UNIQUE (name)
);

create sequence events_position_seq as bigint;

CREATE OR REPLACE FUNCTION public.append_events(p_workspace_id integer, p_message_id text[], p_source text[], p_type text[], p_name text[], p_person_key text[], p_slot smallint[], p_occurred_at timestamp with time zone[], p_received_at timestamp with time zone[], p_body text[])
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
$function$;

CREATE OR REPLACE FUNCTION public.day_before_position(p_workspace_id integer, p_position bigint)
 RETURNS date
 LANGUAGE plpgsql
 STABLE
 SET enable_sort TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.find_events(p_workspace_id integer, p_after bigint, p_up_to bigint, p_slot_from smallint, p_slot_to smallint, p_since timestamp with time zone, p_until timestamp with time zone, p_source text, p_type text, p_name text, p_person_key text, p_limit integer, p_look_max integer)
 RETURNS TABLE(is_match boolean, looked_count integer, "position" bigint, message_id text, source text, type text, name text, person_key text, occurred_at text, received_at text, body text)
 LANGUAGE plpgsql
 STABLE
 SET enable_sort TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.look_ahead(p_workspace_id integer, p_after bigint, p_slot_from smallint, p_slot_to smallint, p_scan integer)
 RETURNS TABLE(scanned integer, matched integer, last_position bigint, oldest_at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE
 SET enable_sort TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.newest_attempts(p_workspace_id integer, p_connection text, p_before bigint, p_is_failed boolean, p_limit integer)
 RETURNS SETOF attempts
 LANGUAGE plpgsql
 STABLE
 SET enable_sort TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.read_events(p_workspace_id integer, p_after bigint, p_day_from date, p_slot_from smallint, p_slot_to smallint, p_limit integer, p_bytes bigint)
 RETURNS TABLE("position" bigint, message_id text, source text, type text, name text, person_key text, occurred_at text, received_at text, body text)
 LANGUAGE plpgsql
 STABLE
 SET enable_sort TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.read_events_of_people(p_workspace_id integer, p_person_keys text[], p_types text[], p_from bigint, p_up_to bigint, p_limit integer, p_bytes bigint)
 RETURNS TABLE("position" bigint, message_id text, source text, type text, name text, person_key text, occurred_at text, received_at text, body text)
 LANGUAGE plpgsql
 STABLE
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_seqscan TO 'off'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION public.swap_limits(p_workspace_id integer, p_connection text, p_name text[], p_version bigint[], p_state text[])
 RETURNS TABLE(now_ms double precision, name text, version bigint, state text)
 LANGUAGE plpgsql
AS $function$
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
$function$;
