-- Finds an enabled webhook by the hash of its token. Returns its workspace, workflow and sealed secret; null
-- when there is none.
create or replace function app.identify_webhook(p_token_hash text)
returns jsonb
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return (
    select jsonb_build_object(
      'id', w.id, 'workspaceId', w.workspace_id, 'workflowId', w.workflow_id, 'secretSealed', w.secret_sealed
    )
    from webhooks w
    where w.token_hash = p_token_hash and w.enabled
  );
end;
$$;
