do $$
declare
  f record;
begin
  for f in
    select p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'app' and p.prokind = 'f' and p.prosrc ~ '\mfor no key update\M'
  loop
    execute regexp_replace(pg_get_functiondef(f.oid), '\mfor no key update\M', 'for update', 'g');
  end loop;
end $$;
-- Gives the oldest undelivered event of a key to every run that waits for it. Whoever stores an event and whoever stores a wait calls this
-- afterwards, in a transaction of its own: of two such calls at the same moment at least one sees both rows.
-- Returns the wake-ups that are owed.
create or replace function app.deliver_event(p_workspace uuid, p_key text) returns jsonb language plpgsql as $$
declare
  e events;
  w record;
  v_wakes jsonb := '[]';
  v_told integer := 0;
begin
  perform app.enter_workspace(p_workspace);
  select * into e from events
  where workspace_id = p_workspace and key = p_key and delivered_at is null and received_at > clock_timestamp() - interval '1 day'
  order by received_at, id limit 1 for update;
  if not found then
    return v_wakes;
  end if;
  for w in
    select o.run_id, o.id from waits o
    where o.workspace_id = p_workspace and o.key = p_key and o.kind = 'event' and o.status = 'open' order by o.run_id, o.id
  loop
    perform 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = w.run_id for update;
    update waits set status = 'resolved', value = jsonb_build_object('event', e.payload, 'eventId', e.id, 'receivedAt', e.received_at)
    where workspace_id = p_workspace and run_id = w.run_id and id = w.id and status = 'open';
    if found then
      v_told := v_told + 1;
      v_wakes := v_wakes || app.make_due(p_workspace, w.run_id);
    end if;
  end loop;
  if v_told > 0 then
    update events set delivered_at = clock_timestamp(), delivered_to = v_told
    where workspace_id = p_workspace and id = e.id and expires_on = e.expires_on;
  end if;
  return v_wakes;
end $$;

-- As in 0013, for whoever holds the run; {lost} for anybody else.
create or replace function app.reserve_usage(p_workspace uuid, p_run uuid, p_epoch bigint, p_ask jsonb) returns jsonb language plpgsql as $$
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
  -- The commit that ends the run gives back what is set aside: what comes after it would be set aside for ever.
  perform from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running' for share;
  if not found then
    return jsonb_build_object('lost', true);
  end if;
  insert into reservations (workspace_id, run_id, key, tokens, cost_usd, log_seq)
  values (p_workspace, p_run, p_ask ->> 'key', (p_ask ->> 'tokens')::bigint, (p_ask ->> 'costUsd')::double precision, r.log_seq);
  return null;
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
