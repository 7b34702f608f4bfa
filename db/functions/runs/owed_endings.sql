-- Returns the wake-up that a run which has just ended is owed where servers still work on tasks for it, or
-- for a run that it has started: whoever takes it tells them. What else has ended with it is found by the
-- tick.
create or replace function app.owed_endings(r agent_sessions)
returns jsonb
language plpgsql stable
as $$
begin
  if not exists (select from remote_tasks t where t.workspace_id = r.workspace_id) then
    return '[]';
  end if;
  if exists (select from remote_tasks t where t.workspace_id = r.workspace_id and t.run_id = r.id)
    or exists (
      select
      from agent_sessions c
      join remote_tasks t on t.workspace_id = c.workspace_id and t.run_id = c.id
      where c.workspace_id = r.workspace_id and c.parent_id = r.id
    )
  then
    return jsonb_build_array(
      jsonb_build_object('runId', r.id, 'wakes', r.wakes + 1, 'priority', r.priority)
    );
  end if;
  return '[]';
end;
$$;
