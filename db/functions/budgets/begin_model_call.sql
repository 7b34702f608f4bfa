-- Writes a call of a model down that belongs to no run, with the most that it may use, if the limits of the
-- month allow it: those of the workspace, and of the workflow that it is about. Calls of a workspace with a
-- month's budget take turns here, as in app.reserve_usage. Calls of more than a year ago go.
--
-- Returns null, or the limit in the way: {scope, limit, most, used, onLimit}.
create or replace function app.begin_model_call(p_workspace uuid, p_call jsonb)
returns jsonb
language plpgsql
as $$
declare
  v_workflow uuid := (p_call ->> 'workflowId')::uuid;
  v_over jsonb;
  l record;
begin
  for l in
    select m.scope, m.limits
    from (
      select 1 as place, 'workspace' as scope, w.limits -> 'monthly' as limits
      from workspaces w
      where w.id = p_workspace and w.limits ? 'monthly'
      union all
      select 2, 'workflow', w.limits -> 'monthly'
      from workflows w
      where w.workspace_id = p_workspace and w.id = v_workflow and w.limits ? 'monthly'
    ) m
    order by m.place
  loop
    perform pg_advisory_xact_lock(hashtextextended('usage ' || p_workspace::text, 0));
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_call)
    into v_over
    from app.month_usage(p_workspace, case when l.scope = 'workflow' then v_workflow end) u;
    if v_over is not null then
      return v_over
        || jsonb_build_object('scope', l.scope, 'onLimit', coalesce(l.limits ->> 'onLimit', 'ask'));
    end if;
  end loop;
  delete from model_calls c
  where c.workspace_id = p_workspace and c.created_at < now() - interval '400 days';
  insert into model_calls (workspace_id, id, workflow_id, model, tokens, cost_usd)
  values (
    p_workspace, (p_call ->> 'id')::uuid, v_workflow, p_call ->> 'model', (p_call ->> 'tokens')::bigint,
    (p_call ->> 'bookedUsd')::double precision
  );
  return null;
end;
$$;
