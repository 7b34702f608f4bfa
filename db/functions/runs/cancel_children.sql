-- Ends the runs that a run has started (for one wait, or for all where p_wait is null), and theirs, whoever
-- is at work on them.
create or replace function app.cancel_children(p_workspace uuid, p_run uuid, p_wait text, p_reason text)
returns void
language plpgsql
as $$
declare
  c record;
begin
  for c in
    select s.id
    from agent_sessions s
    where s.workspace_id = p_workspace
      and s.parent_id = p_run
      and (p_wait is null or s.parent_wait = p_wait)
      and s.status in ('queued', 'running', 'retrying', 'waiting', 'paused')
    order by s.child_index
    for no key update
  loop
    perform app.end_run(p_workspace, c.id, p_reason);
    perform app.cancel_children(p_workspace, c.id, null, p_reason);
  end loop;
end;
$$;
