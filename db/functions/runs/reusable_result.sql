-- Returns {result} of a call that the run p_origin has paid for, if the same was asked there; null otherwise.
create or replace function app.reusable_result(p_workspace uuid, p_origin uuid, p_node text, p_hash text)
returns jsonb
language plpgsql
as $$
begin
  perform app.enter_workspace(p_workspace);
  return (
    select jsonb_build_object('result', j.result)
    from journal j
    where j.workspace_id = p_workspace
      and j.run_id = p_origin
      and j.hash = p_hash
      and j.node = p_node
      and j.expires_on = (
        select s.checkpoints_expire_on
        from agent_sessions s
        where s.workspace_id = p_workspace and s.id = p_origin
      )
    limit 1
  );
end;
$$;
