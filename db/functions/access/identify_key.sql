-- Finds an API key by its hash. Returns its workspace, scopes, maker and end; of a key that has ended by
-- itself, from the very moment of its end on, that moment alone; null when it is unknown or revoked, or its
-- maker has left. Notes that the key is in use, to the minute: a write for every call would be one too many.
create or replace function app.identify_key(p_hash text)
returns jsonb
language plpgsql
as $$
declare
  k record;
  v_ends_at bigint;
begin
  perform set_config('role', 'app_system', true);
  select a.workspace_id, a.id, a.scopes, a.expires_at, m.user_id, m.role
  into k
  from api_keys a
  join members m on m.workspace_id = a.workspace_id and m.user_id = a.created_by
  where a.hash = p_hash and a.revoked_at is null;
  if not found then
    return null;
  end if;
  -- Rounded down, so that nobody who remembers the key in milliseconds takes it for longer.
  v_ends_at := floor(extract(epoch from k.expires_at) * 1000);
  if k.expires_at <= now() then
    return jsonb_build_object('expiredAt', v_ends_at);
  end if;
  perform app.enter_workspace(k.workspace_id);
  if current_setting('transaction_read_only') = 'off' then
    update api_keys a set last_used_at = now()
    where a.workspace_id = k.workspace_id
      and a.id = k.id
      and (a.last_used_at is null or a.last_used_at < now() - interval '1 minute');
  end if;
  return jsonb_build_object(
    'keyId', k.id, 'workspaceId', k.workspace_id, 'scopes', to_jsonb(k.scopes), 'makerId', k.user_id,
    'makerRole', k.role, 'expiresAt', v_ends_at
  );
end;
$$;
