-- One budget for a run and all that it has started: child runs, items of maps, and theirs.

-- What a call may use counts until the superstep that it belongs to is stored, from then on the run's own usage does. A superstep with a model call writes
-- a line of the log, whatever comes of it, so a reservation counts as long as the log of its run is where it was.
alter table reservations add column log_seq bigint not null default 0;

-- Children that are at work. A wide map has thousands that have ended or not begun.
create index agent_sessions_children_at_work on agent_sessions (workspace_id, parent_id)
  where parent_id is not null and started_at is not null and finished_at is null;

create function app.usage_tokens(p_usage jsonb) returns bigint language sql immutable as $$
  select (p_usage ->> 'inputTokens')::bigint + (p_usage ->> 'outputTokens')::bigint
$$;

-- A run that has ended leaves what it and its children have used with its parent, in `usage.children`. Whoever ends a run has locked its parent before.
-- A cancel ends parents before their children: what comes late goes further up, as far as runs have ended.
create function app.hand_usage_up() returns trigger language plpgsql as $$
declare
  v_used jsonb := app.usage_sum(new.usage, new.usage -> 'children');
  v_above uuid := new.parent_id;
begin
  while v_above is not null loop
    update agent_sessions p set usage = p.usage || jsonb_build_object('children', app.usage_sum(p.usage -> 'children', v_used))
    where p.workspace_id = new.workspace_id and p.id = v_above
    returning case when p.finished_at is not null then p.parent_id end into v_above;
  end loop;
  return null;
end $$;

create function app.usage_sum(p_one jsonb, p_other jsonb) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'inputTokens', coalesce((p_one ->> 'inputTokens')::bigint, 0) + coalesce((p_other ->> 'inputTokens')::bigint, 0),
    'outputTokens', coalesce((p_one ->> 'outputTokens')::bigint, 0) + coalesce((p_other ->> 'outputTokens')::bigint, 0),
    'costUsd', coalesce((p_one ->> 'costUsd')::double precision, 0) + coalesce((p_other ->> 'costUsd')::double precision, 0))
$$;

create trigger hand_usage_up after update of finished_at on agent_sessions for each row
  when (new.parent_id is not null and old.finished_at is null and new.finished_at is not null)
  execute function app.hand_usage_up();

-- What calls under way, or not yet stored with their superstep, use: those that are answered what the answer says, the others what they may use at most.
create function app.set_aside(p_workspace uuid) returns table (run_id uuid, workflow_id uuid, tokens bigint, cost_usd double precision) language sql stable as $$
  select v.run_id, s.workflow_id, coalesce(app.usage_tokens(j.result -> 'use'), v.tokens), coalesce((j.result -> 'use' ->> 'costUsd')::double precision, v.cost_usd)
  from reservations v
  join agent_sessions s on s.workspace_id = p_workspace and s.id = v.run_id and s.finished_at is null and s.log_seq = v.log_seq
  left join journal j on j.workspace_id = p_workspace and j.run_id = v.run_id and j.key = v.key || ':model' and j.expires_on = s.checkpoints_expire_on
  where v.workspace_id = p_workspace
$$;

-- What a workspace, or one of its workflows, has used this month, calls under way included. Every run counts for itself: what its children used is theirs.
create or replace function app.month_usage(p_workspace uuid, p_workflow uuid) returns table (tokens bigint, cost_usd double precision) language sql stable as $$
  with aside as (
    select coalesce(sum(a.tokens), 0) as tokens, coalesce(sum(a.cost_usd), 0) as cost_usd from app.set_aside(p_workspace) a where p_workflow is null or a.workflow_id = p_workflow)
  select (coalesce(sum(app.usage_tokens(s.usage)), 0) + (select aside.tokens from aside))::bigint,
    coalesce(sum((s.usage ->> 'costUsd')::double precision), 0) + (select aside.cost_usd from aside)
  from agent_sessions s
  where s.workspace_id = p_workspace and s.created_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
    and (p_workflow is null or s.workflow_id = p_workflow)
$$;

-- What a run and all that it has started have used, calls under way included. Those that have ended are in their parents' sums.
create function app.family_usage(p_workspace uuid, p_run uuid) returns table (tokens bigint, cost_usd double precision) language sql stable as $$
  with recursive family as (
    select s.id, s.usage from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run
    union all
    select c.id, c.usage from family f
    join agent_sessions c on c.workspace_id = p_workspace and c.parent_id = f.id and c.started_at is not null and c.finished_at is null),
  aside as (
    select coalesce(sum(a.tokens), 0) as tokens, coalesce(sum(a.cost_usd), 0) as cost_usd from family f join app.set_aside(p_workspace) a on a.run_id = f.id)
  select (sum(app.usage_tokens(f.usage) + coalesce(app.usage_tokens(f.usage -> 'children'), 0)) + (select aside.tokens from aside))::bigint,
    sum((f.usage ->> 'costUsd')::double precision + coalesce((f.usage -> 'children' ->> 'costUsd')::double precision, 0)) + (select aside.cost_usd from aside)
  from family f
$$;

-- The limits of a run and of those it was started through, nearest first. A part of a definition has those of the whole, whose run is above it.
create function app.limits_above(p_workspace uuid, p_run uuid) returns table (run_id uuid, level integer, limits jsonb, is_root boolean) language sql stable as $$
  with recursive up as (
    select s.id, s.parent_id, s.fragment, s.raised, s.workflow_version_id, 0 as level from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run
    union all
    select s.id, s.parent_id, s.fragment, s.raised, s.workflow_version_id, up.level + 1 from up join agent_sessions s on s.workspace_id = p_workspace and s.id = up.parent_id)
  select up.id, up.level, case when up.fragment is null then v.definition -> 'limits' || coalesce(up.raised, '{}') end, up.parent_id is null
  from up left join workflow_versions v on v.workspace_id = p_workspace and v.id = up.workflow_version_id
  order by up.level
$$;

-- What is in the way of a call: {scope, limit, most, used}; null when nothing is.
create function app.overspent(p_limits jsonb, p_tokens bigint, p_cost_usd double precision, p_ask jsonb) returns jsonb language sql immutable as $$
  select case
    when p_tokens + (p_ask ->> 'tokens')::bigint > (p_limits ->> 'maxTokens')::bigint
      then jsonb_build_object('limit', 'maxTokens', 'most', p_limits -> 'maxTokens', 'used', p_tokens)
    when p_cost_usd + (p_ask ->> 'costUsd')::double precision > (p_limits ->> 'maxCostUsd')::double precision
      then jsonb_build_object('limit', 'maxCostUsd', 'most', p_limits -> 'maxCostUsd', 'used', p_cost_usd)
  end
$$;

-- Sets aside what a model call may cost, if the month's limits of the workspace and the workflow and those of the run and of all it was started through allow
-- it. Calls of a workspace with a month's budget take turns here, and calls of a family with one. Where nobody has a limit nothing is written.
-- Returns null, or what is in the way: {scope, limit, most, used, onLimit, runId?}.
create or replace function app.reserve_usage(p_workspace uuid, p_run uuid, p_ask jsonb) returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_root uuid;
  v_limited boolean;
  v_monthly jsonb;
  v_over jsonb;
  l record;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run;
  select jsonb_object_agg(m.scope, m.limits) into v_monthly from (
    select 'workspace' as scope, w.limits -> 'monthly' as limits from workspaces w where w.id = p_workspace and w.limits ? 'monthly'
    union all
    select 'workflow', w.limits -> 'monthly' from workflows w where w.workspace_id = p_workspace and w.id = r.workflow_id and w.limits ? 'monthly') m;
  select (array_agg(a.run_id) filter (where a.is_root))[1], coalesce(bool_or(a.limits ? 'maxTokens' or a.limits ? 'maxCostUsd'), false)
  into v_root, v_limited from app.limits_above(p_workspace, p_run) a;
  if v_monthly is null and not v_limited then
    return null;
  end if;
  if v_monthly is not null then
    perform pg_advisory_xact_lock(hashtextextended('usage ' || p_workspace::text, 0));
  end if;
  perform pg_advisory_xact_lock(hashtextextended('usage ' || v_root::text, 0));
  delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run and (v.key = p_ask ->> 'key' or v.log_seq <> r.log_seq);
  for l in select m.scope, v_monthly -> m.scope as limits from unnest(array['workspace', 'workflow']) as m (scope) where v_monthly ? m.scope loop
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_ask) into v_over
    from app.month_usage(p_workspace, case when l.scope = 'workflow' then r.workflow_id end) u;
    if v_over is not null then
      return v_over || jsonb_build_object('scope', l.scope, 'onLimit', 'fail');
    end if;
  end loop;
  for l in select * from app.limits_above(p_workspace, p_run) a where a.limits ? 'maxTokens' or a.limits ? 'maxCostUsd' loop
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_ask) into v_over from app.family_usage(p_workspace, l.run_id) u;
    if v_over is not null then
      return v_over || jsonb_build_object('scope', case when l.level = 0 then 'run' else 'ancestor' end, 'runId', l.run_id, 'onLimit', coalesce(l.limits ->> 'onLimit', 'fail'));
    end if;
  end loop;
  insert into reservations (workspace_id, run_id, key, tokens, cost_usd, log_seq)
  values (p_workspace, p_run, p_ask ->> 'key', (p_ask ->> 'tokens')::bigint, (p_ask ->> 'costUsd')::double precision, r.log_seq);
  return null;
end $$;

-- A person has raised limits of a run, perhaps asked by one that it has started. Never lowers one that somebody else has raised further.
create function app.raise_limits(p_workspace uuid, p_run uuid, p_limits jsonb) returns void language plpgsql as $$
begin
  perform app.enter_workspace(p_workspace);
  update agent_sessions s set raised = coalesce(s.raised, '{}') || (
    select coalesce(jsonb_object_agg(e.key, greatest(e.value::double precision, (s.raised ->> e.key)::double precision)), '{}') from jsonb_each_text(p_limits) e
    where e.key in ('maxTokens', 'maxCostUsd'))
  where s.workspace_id = p_workspace and s.id = p_run;
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
