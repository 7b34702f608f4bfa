-- Moves the rows of such runs (app.kept_runs) to the partition where they belong, while nobody works on them.
-- Returns how many runs it has moved.
create or replace function app.keep_runs(p_before date, p_limit integer)
returns integer
language plpgsql
as $$
declare
  k record;
  r agent_sessions;
  v_logs date;
  v_checkpoints date;
  v_limits jsonb;
  v_count integer := 0;
begin
  perform set_config('role', 'app_system', true);
  for k in
    select o.workspace_id, o.id
    from app.kept_runs(p_before) o
    join agent_sessions s on s.workspace_id = o.workspace_id and s.id = o.id
    where s.lease_by is null or s.lease_until < now()
    limit p_limit
  loop
    perform app.enter_workspace(k.workspace_id);
    select * into r
    from agent_sessions s
    where s.workspace_id = k.workspace_id and s.id = k.id and (s.lease_by is null or s.lease_until < now())
    for no key update skip locked;
    continue when not found;
    select w.limits into v_limits from workspaces w where w.id = k.workspace_id;
    v_logs := greatest(r.logs_expire_on, app.run_expires_on(r.status, r.finished_at, v_limits, 'logs'));
    v_checkpoints := greatest(
      r.checkpoints_expire_on, app.run_expires_on(r.status, r.finished_at, v_limits, 'checkpoints')
    );
    update agent_sessions s set
      logs_expire_on = v_logs,
      checkpoints_expire_on = v_checkpoints,
      expires_on = greatest(
        s.expires_on, v_logs, v_checkpoints, app.run_expires_on(r.status, r.finished_at, v_limits, 'runs')
      )
    where s.workspace_id = r.workspace_id and s.id = r.id;
    update agent_logs set expires_on = v_logs
    where workspace_id = r.workspace_id and session_id = r.id and expires_on = r.logs_expire_on;
    update checkpoints set expires_on = v_checkpoints
    where workspace_id = r.workspace_id and thread_id = r.id::text and expires_on = r.checkpoints_expire_on;
    update checkpoint_blobs set expires_on = v_checkpoints
    where workspace_id = r.workspace_id and thread_id = r.id::text and expires_on = r.checkpoints_expire_on;
    update checkpoint_writes set expires_on = v_checkpoints
    where workspace_id = r.workspace_id and thread_id = r.id::text and expires_on = r.checkpoints_expire_on;
    update journal set expires_on = v_checkpoints
    where workspace_id = r.workspace_id and run_id = r.id and expires_on = r.checkpoints_expire_on;
    v_count := v_count + 1;
  end loop;
  perform set_config('role', 'app_system', true);
  return v_count;
end;
$$;
