-- Stores the result of a paid call at once, before its superstep commits, and settles what was set aside for
-- it. The first result stays. A write that has an answer was sent, whatever was taken for true before.
-- p_entry: {key, superstep, result, node, hash, line}; `line` is null where nothing was paid, because the
-- result was taken over from another run.
create or replace function app.journal_result(p_workspace uuid, p_run uuid, p_entry jsonb)
returns void
language plpgsql
as $$
begin
  perform app.enter_workspace(p_workspace);
  insert into journal (workspace_id, run_id, key, superstep, result, node, hash, line, expires_on)
  values (
    p_workspace, p_run, p_entry ->> 'key', (p_entry ->> 'superstep')::integer, p_entry -> 'result',
    p_entry ->> 'node', p_entry ->> 'hash', nullif(p_entry -> 'line', 'null'),
    coalesce(
      (
        select s.checkpoints_expire_on
        from agent_sessions s
        where s.workspace_id = p_workspace and s.id = p_run
      ),
      app.expires_on('checkpoints')
    )
  )
  on conflict do nothing;
  delete from reservations v
  where v.workspace_id = p_workspace and v.run_id = p_run and v.key = p_entry ->> 'key';
  update side_effects s set state = 'sent', error = null, settled_at = clock_timestamp()
  where s.workspace_id = p_workspace
    and s.run_id = p_run
    and s.key = p_entry ->> 'key'
    and s.state not in ('sent', 'assumed');
end;
$$;
