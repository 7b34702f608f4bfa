-- Tells whoever has a run in hand how it stands: 'lost', 'answered' when something that it waits for has come
-- since (p_known: the answers that its claim has brought), or 'held'. Where the workspace is about to move,
-- it is 'answered' too: the run is handed over, and goes on there.
create or replace function app.look_at_run(p_workspace uuid, p_run uuid, p_epoch bigint, p_known jsonb)
returns text
language plpgsql
as $$
begin
  perform app.enter_workspace(p_workspace);
  perform from agent_sessions s
  where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running';
  if not found then
    return 'lost';
  end if;
  return case
    when app.is_moving(p_workspace) then 'answered'
    when exists (
      select 1
      from waits w
      where w.workspace_id = p_workspace
        and w.run_id = p_run
        and (
          w.status = 'resolved' and not p_known ? w.id or w.status = 'open' and w.due_at <= clock_timestamp()
        )
    )
      then 'answered'
    else 'held'
  end;
end;
$$;
