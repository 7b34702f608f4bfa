-- Finds an enabled webhook by the hash of its token. Returns its workspace, workflow and sealed secret; null
-- when there is none. One that has moved with its workspace is answered as app.enter_workspace does, also
-- when its row is gone.
create or replace function app.identify_webhook(p_token_hash text)
returns jsonb
language plpgsql
as $$
declare
  v_moved_to text;
begin
  perform set_config('role', 'app_system', true);
  select m.other_url
  into v_moved_to
  from workspace_moves m
  where m.state = 'moved' and p_token_hash = any (m.webhook_hashes);
  if found then
    raise exception 'the workspace has moved' using errcode = 'CA410', detail = v_moved_to;
  end if;
  return (
    select jsonb_build_object(
      'id', w.id, 'workspaceId', w.workspace_id, 'workflowId', w.workflow_id, 'secretSealed', w.secret_sealed
    )
    from webhooks w
    where w.token_hash = p_token_hash and w.enabled
  );
end;
$$;
