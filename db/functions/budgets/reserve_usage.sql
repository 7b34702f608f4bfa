-- Sets aside what a model call may cost, if the month's limits of the workspace and the workflow, and those
-- of the run and its ancestors, allow it. Calls of a workspace with a month's budget take turns here, and so
-- do calls of a family with one. The run is locked before its reservations, as the commit that ends it does.
-- Where nobody has a limit nothing is written.
--
-- Returns null; {granted: true} to whoever says `tell` where something was set aside (processes of the
-- version before say nothing); {lost: true} when the caller does not hold the run; or the limit in the way:
-- {scope, limit, most, used, onLimit, askTimeout?, runId?}.
create or replace function app.reserve_usage(p_workspace uuid, p_run uuid, p_epoch bigint, p_ask jsonb)
returns jsonb
language plpgsql
as $$
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
  select jsonb_object_agg(m.scope, m.limits)
  into v_monthly
  from (
    select 'workspace' as scope, w.limits -> 'monthly' as limits
    from workspaces w
    where w.id = p_workspace and w.limits ? 'monthly'
    union all
    select 'workflow', w.limits -> 'monthly'
    from workflows w
    where w.workspace_id = p_workspace and w.id = r.workflow_id and w.limits ? 'monthly'
  ) m;
  select (array_agg(a.run_id) filter (where a.is_root))[1],
    coalesce(bool_or(a.limits ? 'maxTokens' or a.limits ? 'maxCostUsd'), false)
  into v_root, v_limited
  from app.limits_above(p_workspace, p_run) a;
  if v_monthly is null and not v_limited then
    return null;
  end if;
  if v_monthly is not null then
    perform pg_advisory_xact_lock(hashtextextended('usage ' || p_workspace::text, 0));
  end if;
  perform pg_advisory_xact_lock(hashtextextended('usage ' || v_root::text, 0));
  -- The commit that ends the run gives back what is set aside: what comes after it would be set aside for
  -- ever.
  perform
  from agent_sessions s
  where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running'
  for share;
  if not found then
    return jsonb_build_object('lost', true);
  end if;
  delete from reservations v
  where v.workspace_id = p_workspace
    and v.run_id = p_run
    and (v.key = p_ask ->> 'key' or v.log_seq <> r.log_seq);
  for l in
    select m.scope, v_monthly -> m.scope as limits
    from unnest(array['workspace', 'workflow']) as m (scope)
    where v_monthly ? m.scope
  loop
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_ask)
    into v_over
    from app.month_usage(p_workspace, case when l.scope = 'workflow' then r.workflow_id end) u;
    if v_over is not null then
      return v_over
        || jsonb_build_object('scope', l.scope, 'onLimit', coalesce(l.limits ->> 'onLimit', 'ask'));
    end if;
  end loop;
  for l in
    select *
    from app.limits_above(p_workspace, p_run) a
    where a.limits ? 'maxTokens' or a.limits ? 'maxCostUsd'
  loop
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_ask)
    into v_over
    from app.family_usage(p_workspace, l.run_id) u;
    if v_over is not null then
      return v_over
        || jsonb_strip_nulls(
          jsonb_build_object(
            'scope', case when l.level = 0 then 'run' else 'ancestor' end, 'runId', l.run_id,
            'onLimit', coalesce(l.limits ->> 'onLimit', 'fail'), 'askTimeout', l.limits -> 'askTimeout'
          )
        );
    end if;
  end loop;
  insert into reservations (workspace_id, run_id, key, tokens, cost_usd, log_seq)
  values (
    p_workspace, p_run, p_ask ->> 'key', (p_ask ->> 'tokens')::bigint,
    (p_ask ->> 'costUsd')::double precision, r.log_seq
  );
  return case when p_ask ? 'tell' then jsonb_build_object('granted', true) end;
end;
$$;
