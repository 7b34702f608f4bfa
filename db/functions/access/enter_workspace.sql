-- Enters a workspace for the rest of the transaction. A function that calls it runs its later statements
-- under row-level security: one round trip instead of begin, set, query and commit.
create or replace function app.enter_workspace(p_workspace uuid)
returns void
language plpgsql
as $$
begin
  perform set_config('role', 'app_tenant', true), set_config('app.workspace_id', p_workspace::text, true);
end;
$$;
