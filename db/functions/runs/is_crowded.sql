-- Tells whether as many other runs of the run's workflow are at work as may be. Claims of such a workflow
-- take turns, so that the count holds.
create or replace function app.is_crowded(p_workspace uuid, p_run uuid)
returns boolean
language plpgsql
as $$
declare
  v_workflow uuid;
  v_most integer;
begin
  select w.id, (w.limits ->> 'concurrency')::integer
  into v_workflow, v_most
  from agent_sessions s
  join workflows w on w.workspace_id = s.workspace_id and w.id = s.workflow_id
  where s.workspace_id = p_workspace and s.id = p_run and s.status in ('queued', 'waiting');
  if v_most is null then
    return false;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(v_workflow::text, 0));
  return (
    select count(*)
    from agent_sessions s
    where s.workspace_id = p_workspace
      and s.status in ('running', 'retrying')
      and s.workflow_id = v_workflow
      and s.fragment is null
  ) >= v_most;
end;
$$;
