-- Cancels a run with all that it has started. Its parent, if it has one, learns of it. Returns {others}, the
-- wake-ups that are owed; {status} when the run had ended before; null when there is no such run.
create or replace function app.cancel_run(p_workspace uuid, p_run uuid, p_reason text)
returns jsonb
language plpgsql
as $$
declare
  r agent_sessions;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run;
  if r.parent_id is not null then
    perform 1
    from agent_sessions s
    where s.workspace_id = p_workspace and s.id = r.parent_id
    for no key update;
  end if;
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run for no key update;
  if not found then
    return null;
  end if;
  if r.finished_at is not null then
    return jsonb_build_object('status', r.status);
  end if;
  perform app.end_run(p_workspace, p_run, p_reason);
  perform app.cancel_children(p_workspace, p_run, null, p_reason);
  r.status := 'cancelled';
  return jsonb_build_object(
    'others', app.tell_parent(r) || app.let_in(p_workspace, r.workflow_id) || app.owed_endings(r)
  );
end;
$$;
