drop trigger hand_usage_up on agent_sessions;
drop function app.hand_usage_up();
drop function app.raise_limits(uuid, uuid, jsonb);

-- What a workspace, or one of its workflows, has used this month, calls under way included.
create or replace function app.month_usage(p_workspace uuid, p_workflow uuid) returns table (tokens bigint, cost_usd double precision) language sql stable as $$
  select (coalesce(sum((s.usage ->> 'inputTokens')::bigint + (s.usage ->> 'outputTokens')::bigint), 0) + coalesce((
      select sum(v.tokens) from reservations v join agent_sessions o on o.workspace_id = v.workspace_id and o.id = v.run_id
      where v.workspace_id = p_workspace and (p_workflow is null or o.workflow_id = p_workflow)), 0))::bigint,
    coalesce(sum((s.usage ->> 'costUsd')::double precision), 0) + coalesce((
      select sum(v.cost_usd) from reservations v join agent_sessions o on o.workspace_id = v.workspace_id and o.id = v.run_id
      where v.workspace_id = p_workspace and (p_workflow is null or o.workflow_id = p_workflow)), 0)
  from agent_sessions s
  where s.workspace_id = p_workspace and s.created_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
    and (p_workflow is null or s.workflow_id = p_workflow)
$$;

-- Sets aside what a model call may cost, if the month's limits of the workspace and the workflow allow it. Calls of a workspace take turns here.
-- Returns null, or what is in the way: {scope, limit, most, used}.
create or replace function app.reserve_usage(p_workspace uuid, p_run uuid, p_ask jsonb) returns jsonb language plpgsql as $$
declare
  v_workflow uuid;
  v_limits jsonb;
  v_scope text;
  v_used record;
begin
  perform app.enter_workspace(p_workspace);
  perform pg_advisory_xact_lock(hashtextextended('usage ' || p_workspace::text, 0));
  delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run and v.key = p_ask ->> 'key';
  select s.workflow_id into v_workflow from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run;
  foreach v_scope in array array['workspace', 'workflow'] loop
    if v_scope = 'workspace' then
      select w.limits -> 'monthly' into v_limits from workspaces w where w.id = p_workspace;
    else
      select w.limits -> 'monthly' into v_limits from workflows w where w.workspace_id = p_workspace and w.id = v_workflow;
    end if;
    continue when v_limits is null;
    select * into v_used from app.month_usage(p_workspace, case when v_scope = 'workflow' then v_workflow end);
    if v_used.tokens + (p_ask ->> 'tokens')::bigint > (v_limits ->> 'maxTokens')::bigint then
      return jsonb_build_object('scope', v_scope, 'limit', 'maxTokens', 'most', v_limits -> 'maxTokens', 'used', v_used.tokens);
    end if;
    if v_used.cost_usd + (p_ask ->> 'costUsd')::double precision > (v_limits ->> 'maxCostUsd')::double precision then
      return jsonb_build_object('scope', v_scope, 'limit', 'maxCostUsd', 'most', v_limits -> 'maxCostUsd', 'used', v_used.cost_usd);
    end if;
  end loop;
  insert into reservations (workspace_id, run_id, key, tokens, cost_usd)
  values (p_workspace, p_run, p_ask ->> 'key', (p_ask ->> 'tokens')::bigint, (p_ask ->> 'costUsd')::double precision);
  return null;
end $$;

drop function app.family_usage(uuid, uuid);
drop function app.limits_above(uuid, uuid);
drop function app.overspent(jsonb, bigint, double precision, jsonb);
drop function app.set_aside(uuid);
drop function app.usage_sum(jsonb, jsonb);
drop function app.usage_tokens(jsonb);
drop index agent_sessions_children_at_work;
alter table reservations drop column log_seq;
update agent_sessions set usage = usage - 'children' where usage ? 'children';
