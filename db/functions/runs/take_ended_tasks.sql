-- Takes tasks that servers still work on although their runs have ended, of one workspace
-- or (p_workspace null) of all. Each is taken by one caller at a time: it is due again later,
-- the later the more often it was taken, unless its row is gone by then.
create or replace function app.take_ended_tasks(p_workspace uuid, p_limit integer)
returns table (workspace_id uuid, run_id uuid, connection_id uuid, task_id text, attempts integer)
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  with owed as (
    select t.workspace_id, t.run_id, t.connection_id, t.task_id
    from remote_tasks t
    join agent_sessions s on s.workspace_id = t.workspace_id and s.id = t.run_id
    where (p_workspace is null or t.workspace_id = p_workspace)
      and t.due_at <= clock_timestamp()
      and s.finished_at is not null
    order by t.due_at
    limit p_limit
    for no key update of t skip locked
  )
  update remote_tasks t set
    attempts = t.attempts + 1,
    due_at = clock_timestamp() + least(power(2, t.attempts), 60) * interval '1 minute'
  from owed o
  where t.workspace_id = o.workspace_id
    and t.run_id = o.run_id
    and t.connection_id = o.connection_id
    and t.task_id = o.task_id
  returning t.workspace_id, t.run_id, t.connection_id, t.task_id, t.attempts;
end;
$$;
