-- Trigger of workspaces: deletes what a workspace has stored without a foreign key. A cascade could not do
-- it: it may not change the role.
create or replace function app.delete_checkpoints()
returns trigger
language plpgsql
as $$
declare
  v_role text := current_setting('role');
  v_workspace text := current_setting('app.workspace_id', true);
begin
  -- The owner, who moves workspaces, sees every row and takes no role.
  if pg_has_role(session_user, 'app_tenant', 'SET') then
    perform app.become_tenant(old.id);
  end if;
  delete from agent_logs where workspace_id = old.id;
  delete from checkpoint_writes where workspace_id = old.id;
  delete from checkpoint_blobs where workspace_id = old.id;
  delete from checkpoints where workspace_id = old.id;
  perform set_config('role', v_role, true), set_config('app.workspace_id', coalesce(v_workspace, ''), true);
  return null;
end;
$$;
