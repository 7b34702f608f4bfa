-- Writes to the outside world: what was sent, what was not, and what nobody knows.
create table side_effects (
  workspace_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  -- The idempotency key that the write carries: run, superstep, node.
  key text not null,
  step text not null,
  kind text not null check (kind in ('http', 'tool')),
  target text not null,
  request jsonb,
  -- pending: it may be on its way. unknown: it ended without an answer. assumed and not_sent: what a person said of an unknown one.
  state text not null default 'pending' check (state in ('pending', 'sent', 'failed', 'unknown', 'assumed', 'not_sent')),
  epoch bigint not null,
  attempts integer not null default 1,
  error jsonb,
  decided_by jsonb,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, run_id, key),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade
);
alter table side_effects enable row level security;
alter table side_effects force row level security;
grant select, insert, update, delete on side_effects to app_tenant;
create policy tenant on side_effects for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));

-- A task may ask twice, one question after the other: its wait is opened again, and its second approval stands beside the first.
alter table approvals drop constraint approvals_workspace_id_run_id_wait_id_key;
create unique index approvals_open_wait on approvals (workspace_id, run_id, wait_id) where status = 'open';

-- Asks before a write goes out. 'go': nothing of it has been sent, or it may be repeated. 'unknown': it may have been sent before, by an attempt
-- that left no answer. 'lost': the run is in other hands, so nothing may be sent.
create function app.begin_effect(p_workspace uuid, p_run uuid, p_epoch bigint, p_effect jsonb) returns text language plpgsql as $$
declare
  e side_effects;
begin
  perform app.enter_workspace(p_workspace);
  if not exists (select 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running') then
    return 'lost';
  end if;
  insert into side_effects (workspace_id, id, run_id, key, step, kind, target, request, epoch)
  values (p_workspace, gen_random_uuid(), p_run, p_effect ->> 'key', p_effect ->> 'step', p_effect ->> 'kind', p_effect ->> 'target', p_effect -> 'request', p_epoch)
  on conflict do nothing;
  if found then
    return 'go';
  end if;
  select * into e from side_effects s where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key' for update;
  if e.state in ('pending', 'unknown') and not (p_effect ->> 'repeatable')::boolean then
    update side_effects s set state = 'unknown' where s.workspace_id = p_workspace and s.id = e.id;
    return 'unknown';
  end if;
  update side_effects s set state = 'pending', epoch = p_epoch, attempts = s.attempts + 1, settled_at = null where s.workspace_id = p_workspace and s.id = e.id;
  return 'go';
end $$;

-- How a write ended, or what a person said of one that ended in doubt.
create function app.settle_effect(p_workspace uuid, p_run uuid, p_effect jsonb) returns void language plpgsql as $$
begin
  perform app.enter_workspace(p_workspace);
  update side_effects s set state = p_effect ->> 'state', error = nullif(p_effect -> 'error', 'null'), decided_by = coalesce(nullif(p_effect -> 'by', 'null'), s.decided_by),
    settled_at = case when p_effect ->> 'state' in ('pending', 'unknown') then null else clock_timestamp() end
  where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key';
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
