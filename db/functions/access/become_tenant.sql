-- Takes the role of tenants and a workspace for the rest of the transaction, whatever has become of the
-- workspace.
create or replace function app.become_tenant(p_workspace uuid)
returns void
language plpgsql
as $$
begin
  perform set_config('role', 'app_tenant', true),
    set_config('app.workspace_id', p_workspace::text, true);
end;
$$;
