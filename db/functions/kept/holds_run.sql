-- kept until 0.2.0: processes from before app.look_at_run ask this while a deployment rolls.
--
-- Tells whether an invocation still holds its run. A long step asks now and then, so that a cancel stops it.
create or replace function app.holds_run(p_workspace uuid, p_run uuid, p_epoch bigint)
returns boolean
language plpgsql
as $$
begin
  perform app.enter_workspace(p_workspace);
  return exists (
    select 1
    from agent_sessions s
    where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running'
  );
end;
$$;
