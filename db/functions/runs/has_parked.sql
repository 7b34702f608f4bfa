-- Tells whether the newest checkpoint of a run knows of parked tasks. Locks the run's row, so that nobody
-- parks one meanwhile.
create or replace function app.has_parked(p_workspace uuid, p_run uuid)
returns boolean
language plpgsql
as $$
declare
  v_expires date;
begin
  select s.checkpoints_expire_on
  into v_expires
  from agent_sessions s
  where s.workspace_id = p_workspace and s.id = p_run
  for no key update;
  return coalesce(
    (
      select k.checkpoint -> 'channel_versions' ? 'run.parked'
      from checkpoints k
      where k.workspace_id = p_workspace
        and k.thread_id = p_run::text
        and k.checkpoint_ns = ''
        and k.expires_on = v_expires
      order by k.checkpoint_id desc
      limit 1
    ),
    false
  );
end;
$$;
