-- What callers bring that names no workspace, looked up in one round trip each.

-- The workspace and scopes of an API key, and a note that it is in use (kept to the minute: a write for every call would be one too many).
create function app.identify_key(p_hash text) returns jsonb language plpgsql as $$
declare
  k record;
begin
  perform set_config('role', 'app_system', true);
  select a.workspace_id, a.id, a.scopes into k from api_keys a where a.hash = p_hash and a.revoked_at is null;
  if not found then
    return null;
  end if;
  perform app.enter_workspace(k.workspace_id);
  update api_keys a set last_used_at = now()
  where a.workspace_id = k.workspace_id and a.id = k.id and (a.last_used_at is null or a.last_used_at < now() - interval '1 minute');
  return jsonb_build_object('keyId', k.id, 'workspaceId', k.workspace_id, 'scopes', to_jsonb(k.scopes));
end $$;

create function app.identify_webhook(p_token_hash text) returns jsonb language plpgsql as $$
begin
  perform set_config('role', 'app_system', true);
  return (
    select jsonb_build_object('id', w.id, 'workspaceId', w.workspace_id, 'workflowId', w.workflow_id, 'secretSealed', w.secret_sealed)
    from webhooks w where w.token_hash = p_token_hash and w.enabled);
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
