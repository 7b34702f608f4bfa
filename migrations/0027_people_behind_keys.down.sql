drop table identity_news, idempotency_keys;
grant update, delete on audit_log to app_tenant;
drop function app.people_behind(uuid);
create or replace function app.identify_key(p_hash text) returns jsonb language plpgsql as $$
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
