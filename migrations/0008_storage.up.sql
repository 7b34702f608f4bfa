-- Retention by partitions. What a run leaves behind, deliveries and events lie in partitions by the day on which they go, the first of a month, so
-- that a whole partition is dropped then and nothing is deleted row by row. Workspaces keep things for different times, hence by expiry and not
-- by age. A run says where its rows lie, so that every look-up of the protocol touches one partition.

-- Partitions live here, out of the reach of tenants: nobody but the owner may use them by name.
create schema storage;
revoke all on schema storage from public;

-- Days that a kind of data is kept. agents/engine/retention.ts has the bounds.
create function app.retention_days(p_limits jsonb, p_kind text) returns integer language sql immutable parallel safe as $$
  select coalesce((p_limits -> 'retention' ->> p_kind)::integer,
    case p_kind when 'runs' then 90 when 'checkpoints' then 14 when 'failed' then 180 else 30 end)
$$;

-- The first of the month after so many days.
create function app.first_after(p_from timestamptz, p_days integer) returns date language sql immutable parallel safe as $$
  select (date_trunc('month', (p_from at time zone 'utc')::date + p_days + interval '0') + interval '1 month')::date
$$;

-- When something that is stored now in the workspace at hand goes.
create function app.expires_on(p_kind text) returns date language plpgsql stable as $$
begin
  return app.first_after(now(), app.retention_days((select w.limits from workspaces w where w.id = app.workspace_id()), p_kind));
end $$;

-- When the rows of a run should go: its time counts from its end, a failed one is kept longer, and one under way is kept on.
create function app.run_expires_on(p_status text, p_finished_at timestamptz, p_limits jsonb, p_kind text) returns date language sql stable as $$
  select app.first_after(coalesce(p_finished_at, now()), case when p_status in ('failed', 'timed_out')
    then greatest(app.retention_days(p_limits, p_kind), app.retention_days(p_limits, 'failed')) else app.retention_days(p_limits, p_kind) end)
$$;

alter table agent_sessions
  add column expires_on date not null default app.expires_on('runs'),
  -- Where its rows lie: agent_logs by the first; checkpoints, their blobs and writes, and the journal by the second.
  add column logs_expire_on date not null default app.expires_on('logs'),
  add column checkpoints_expire_on date not null default app.expires_on('checkpoints'),
  -- What has been stored for it, before compression.
  add column log_bytes bigint not null default 0,
  add column checkpoint_bytes bigint not null default 0,
  add column checkpoint_rows bigint not null default 0;
create index system_agent_sessions_expiry on agent_sessions (expires_on);
-- Runs whose rows may have to stay for longer than was thought when they began: under way, failed, or longer than a day.
create index system_agent_sessions_kept on agent_sessions (least(logs_expire_on, checkpoints_expire_on))
  where status not in ('succeeded', 'cancelled') or finished_at - created_at > interval '1 day';
grant select (expires_on, logs_expire_on, checkpoints_expire_on, created_at, finished_at, parent_id) on agent_sessions to app_system;

-- Adds the partition of what goes on a day. Rows of it that came before it was there lie in the default partition and move over.
create function storage.add_partition(p_table text, p_day date) returns void language plpgsql as $$
declare
  v_name text := p_table || to_char(p_day, '_YYYY_MM');
  v_until date := (p_day + interval '1 month')::date;
begin
  execute format('create table storage.%I (like public.%I including defaults including constraints)', v_name, p_table);
  execute format('with moved as (delete from storage.%I where expires_on >= %L and expires_on < %L returning *) insert into storage.%I select * from moved',
    p_table || '_default', p_day, v_until, v_name);
  execute format('alter table public.%I attach partition storage.%I for values from (%L) to (%L)', p_table, v_name, p_day, v_until);
end $$;

-- Tables become partitioned, with what is in them. What was stored before is kept as if it were stored today.
do $$
declare
  t record;
begin
  for t in
    select * from (values
      ('agent_logs', 'logs', 'select o.*, s.logs_expire_on from agent_logs_before o join agent_sessions s on s.workspace_id = o.workspace_id and s.id = o.session_id'),
      ('checkpoints', 'checkpoints', null), ('checkpoint_blobs', 'checkpoints', null), ('checkpoint_writes', 'checkpoints', null),
      ('journal', 'checkpoints', 'select o.*, s.checkpoints_expire_on from journal_before o join agent_sessions s on s.workspace_id = o.workspace_id and s.id = o.run_id'),
      ('webhook_deliveries', 'deliveries', null), ('events', 'events', null)) as v (name, kind, rows)
  loop
    execute format('alter table %I rename to %I', t.name, t.name || '_before');
    -- Or the owner would not see what it copies.
    execute format('alter table %I no force row level security', t.name || '_before');
    execute format('create table %I (like %I including defaults, expires_on date not null default app.expires_on(%L)) partition by range (expires_on)',
      t.name, t.name || '_before', t.kind);
    execute format('create table storage.%I partition of %I default', t.name || '_default', t.name);
    execute format('insert into %I %s', t.name, coalesce(t.rows, format('select o.*, app.expires_on(%L) from %I o', t.kind, t.name || '_before')));
    execute format('drop table %I', t.name || '_before');
    execute format('alter table %I enable row level security', t.name);
    execute format('alter table %I force row level security', t.name);
    execute format('grant select, insert, update, delete on %I to app_tenant', t.name);
    execute format(
      'create policy tenant on %I for all to app_tenant using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()))', t.name);
  end loop;
end $$;

-- A value that begins as the one before did is stored as what was added: the text is what `base` and the tails after it say together.
alter table checkpoint_blobs add column base text;

alter table agent_logs add primary key (workspace_id, id, expires_on), add unique (workspace_id, session_id, seq, expires_on),
  add foreign key (workspace_id, session_id) references agent_sessions (workspace_id, id) on delete cascade;
alter table checkpoints add primary key (workspace_id, thread_id, checkpoint_ns, checkpoint_id, expires_on);
alter table checkpoint_blobs add primary key (workspace_id, thread_id, checkpoint_ns, channel, version, expires_on);
alter table checkpoint_writes add primary key (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx, expires_on);
alter table journal add primary key (workspace_id, run_id, key, expires_on),
  add foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade;
create index journal_by_hash on journal (workspace_id, run_id, hash) where hash is not null;
alter table webhook_deliveries add primary key (workspace_id, id, expires_on), add unique (workspace_id, webhook_id, message_id, expires_on),
  add foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id) on delete cascade;
create index webhook_deliveries_recent on webhook_deliveries (workspace_id, webhook_id, received_at desc);
alter table events add primary key (workspace_id, id, expires_on), add foreign key (workspace_id) references workspaces (id) on delete cascade;
create index events_recent on events (workspace_id, received_at desc, id desc);
create index events_undelivered on events (workspace_id, key, received_at) where delivered_at is null;
create index system_events_undelivered on events (received_at) where delivered_at is null;
grant select (workspace_id, key, received_at, delivered_at) on events to app_system;
create policy system on events for select to app_system using (true);

-- What a blob says, whole.
create function app.blob_text(b checkpoint_blobs) returns text language plpgsql stable as $$
begin
  if b.base is null then
    return b.value;
  end if;
  -- A tail takes the place of the last character, which closes a list or an object.
  return (
    select string_agg(case when t.version = b.version then t.value else left(t.value, -1) end, '' order by t.version)
    from checkpoint_blobs t
    where t.workspace_id = b.workspace_id and t.thread_id = b.thread_id and t.checkpoint_ns = b.checkpoint_ns and t.channel = b.channel
      and t.version >= b.base and t.version <= b.version and (t.version = b.base or t.base = b.base) and t.expires_on = b.expires_on);
end $$;

-- Runs whose rows would go before their time: those under way, those that failed, those that took longer than a day.
create function app.kept_runs(p_before date) returns table (workspace_id uuid, id uuid) language sql stable as $$
  select s.workspace_id, s.id from agent_sessions s join workspaces w on w.id = s.workspace_id
  where least(s.logs_expire_on, s.checkpoints_expire_on) <= p_before and (s.status not in ('succeeded', 'cancelled') or s.finished_at - s.created_at > interval '1 day')
    and (app.run_expires_on(s.status, s.finished_at, w.limits, 'logs') > s.logs_expire_on and s.logs_expire_on <= p_before
      or app.run_expires_on(s.status, s.finished_at, w.limits, 'checkpoints') > s.checkpoints_expire_on and s.checkpoints_expire_on <= p_before)
$$;

-- Moves the rows of such runs to where they belong, while nobody works on them. Returns how many it has moved.
create function app.keep_runs(p_before date, p_limit integer) returns integer language plpgsql as $$
declare
  k record;
  r agent_sessions;
  v_logs date;
  v_checkpoints date;
  v_limits jsonb;
  v_count integer := 0;
begin
  perform set_config('role', 'app_system', true);
  for k in
    select o.workspace_id, o.id from app.kept_runs(p_before) o join agent_sessions s on s.workspace_id = o.workspace_id and s.id = o.id
    where s.lease_by is null or s.lease_until < now() limit p_limit
  loop
    perform app.enter_workspace(k.workspace_id);
    select * into r from agent_sessions s where s.workspace_id = k.workspace_id and s.id = k.id and (s.lease_by is null or s.lease_until < now()) for update skip locked;
    continue when not found;
    select w.limits into v_limits from workspaces w where w.id = k.workspace_id;
    v_logs := greatest(r.logs_expire_on, app.run_expires_on(r.status, r.finished_at, v_limits, 'logs'));
    v_checkpoints := greatest(r.checkpoints_expire_on, app.run_expires_on(r.status, r.finished_at, v_limits, 'checkpoints'));
    update agent_sessions s set logs_expire_on = v_logs, checkpoints_expire_on = v_checkpoints,
      expires_on = greatest(s.expires_on, v_logs, v_checkpoints, app.run_expires_on(r.status, r.finished_at, v_limits, 'runs'))
    where s.workspace_id = r.workspace_id and s.id = r.id;
    update agent_logs set expires_on = v_logs where workspace_id = r.workspace_id and session_id = r.id and expires_on = r.logs_expire_on;
    update checkpoints set expires_on = v_checkpoints where workspace_id = r.workspace_id and thread_id = r.id::text and expires_on = r.checkpoints_expire_on;
    update checkpoint_blobs set expires_on = v_checkpoints where workspace_id = r.workspace_id and thread_id = r.id::text and expires_on = r.checkpoints_expire_on;
    update checkpoint_writes set expires_on = v_checkpoints where workspace_id = r.workspace_id and thread_id = r.id::text and expires_on = r.checkpoints_expire_on;
    update journal set expires_on = v_checkpoints where workspace_id = r.workspace_id and run_id = r.id and expires_on = r.checkpoints_expire_on;
    v_count := v_count + 1;
  end loop;
  perform set_config('role', 'app_system', true);
  return v_count;
end $$;

-- Deletes rows of runs whose time is over, with what is small and hangs on them. What is large has gone with its partition. Children first, so that
-- none is taken along before its time. Returns how many.
create function app.expire_runs(p_limit integer) returns integer language plpgsql as $$
declare
  k record;
  v_some integer;
  v_count integer := 0;
begin
  perform set_config('role', 'app_system', true);
  for k in
    select e.workspace_id, array_agg(e.id) as ids from (
      select s.workspace_id, s.id from agent_sessions s
      where s.expires_on <= (now() at time zone 'utc')::date and s.finished_at is not null
        and not exists (select 1 from agent_sessions c where c.workspace_id = s.workspace_id and c.parent_id = s.id)
      order by s.expires_on limit p_limit) e
    group by e.workspace_id
  loop
    perform app.enter_workspace(k.workspace_id);
    delete from agent_sessions s where s.workspace_id = k.workspace_id and s.id = any (k.ids);
    get diagnostics v_some = row_count;
    v_count := v_count + v_some;
  end loop;
  perform set_config('role', 'app_system', true);
  return v_count;
end $$;

-- The day on which everything was last found in order, so that ticks do not look more than once a day.
create table storage.upkeep (done_on date not null);
insert into storage.upkeep values ('-infinity');
create policy owner on agent_sessions for select to current_user using (true);
create policy owner on workspaces for select to current_user using (true);

-- The last day on which something that is stored in the table now can go: the longest that any workspace keeps it, and a month to spare.
create function storage.horizon(p_table text) returns date language sql stable as $$
  select (app.first_after(now(), max(app.retention_days(l.limits, k.kind))) + interval '1 month')::date
  from (select '{}'::jsonb as limits union all select w.limits from public.workspaces w) l
  cross join unnest(case p_table when 'webhook_deliveries' then array['deliveries'] when 'events' then array['events']
    when 'agent_logs' then array['logs', 'failed'] else array['checkpoints', 'failed'] end) as k (kind)
$$;

-- Adds the next partition that is missing, or drops the next one whose day has come, and says which; 'done' when
-- there is none, 'busy' when somebody else is at it or a table is in use for longer than a second: then the next tick tries again. One partition
-- a call, so that no table is locked while another is waited for.
create function storage.maintain() returns text language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '1s' as $$
declare
  v_today date := (now() at time zone 'utc')::date;
  p record;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('storage.maintain', 0)) then
    return 'busy';
  end if;
  for p in
    select c.relname as name, m::date as day
    from pg_class c cross join lateral generate_series(date_trunc('month', v_today) + interval '1 month', storage.horizon(c.relname), interval '1 month') m
    where c.relkind = 'p' and c.relnamespace = 'public'::regnamespace and to_regclass(format('storage.%I', c.relname || to_char(m, '_YYYY_MM'))) is null
    order by 2, 1 limit 1
  loop
    perform storage.add_partition(p.name, p.day);
    return format('added %s %s', p.name, p.day);
  end loop;
  for p in
    select c.relname as partition, d.relname as name, to_date(right(c.relname, 7), 'YYYY_MM') as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class d on d.oid = i.inhparent
    where c.relnamespace = 'storage'::regnamespace and c.relkind = 'r' and c.relname ~ '_\d{4}_\d{2}$' and to_date(right(c.relname, 7), 'YYYY_MM') <= v_today
    order by 3, 2
  loop
    continue when p.name not in ('webhook_deliveries', 'events') and exists (select 1 from app.kept_runs(p.day));
    execute format('drop table storage.%I', p.partition);
    return format('dropped %s %s', p.name, p.day);
  end loop;
  -- What came when its partition had gone.
  for p in select c.relname as name from pg_class c where c.relkind = 'p' and c.relnamespace = 'public'::regnamespace order by 1 loop
    continue when p.name not in ('webhook_deliveries', 'events') and exists (select 1 from app.kept_runs(v_today));
    execute format('delete from storage.%I where expires_on <= %L', p.name || '_default', v_today);
  end loop;
  return 'done';
exception when lock_not_available then
  return 'busy';
end $$;

-- Whether nobody has found everything in order today.
create function storage.is_due() returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select done_on < (now() at time zone 'utc')::date from storage.upkeep
$$;
create function storage.done() returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  update storage.upkeep set done_on = (now() at time zone 'utc')::date
$$;

do $$ begin
  while storage.maintain() <> 'done' loop
  end loop;
end $$;

revoke all on all functions in schema storage from public;
grant usage on schema storage to app_system;
grant execute on function storage.maintain(), storage.is_due(), storage.done() to app_system;
grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
