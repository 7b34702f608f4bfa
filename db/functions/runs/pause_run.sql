-- Holds a run and all that it has started. A step at work may finish; its commit parks the run. Returns the
-- status before; null when there is no such run.
create or replace function app.pause_run(p_workspace uuid, p_run uuid)
returns text
language plpgsql
as $$
declare
  r agent_sessions;
  c record;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run for no key update;
  if not found or r.status not in ('queued', 'running', 'retrying', 'waiting') then
    return r.status;
  end if;
  if r.lease_by is not null then
    update agent_sessions s set pausing = true where s.workspace_id = p_workspace and s.id = p_run;
  else
    update agent_sessions s set status = 'paused', waiting_on = null
    where s.workspace_id = p_workspace and s.id = p_run;
  end if;
  for c in
    select s.id
    from agent_sessions s
    where s.workspace_id = p_workspace and s.parent_id = p_run and s.finished_at is null
    order by s.child_index
  loop
    perform app.pause_run(p_workspace, c.id);
  end loop;
  return r.status;
end;
$$;
