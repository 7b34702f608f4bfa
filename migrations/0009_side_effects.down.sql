drop function app.settle_effect(uuid, uuid, jsonb);
drop function app.begin_effect(uuid, uuid, bigint, jsonb);
drop index approvals_open_wait;
delete from approvals a where exists (
  select 1 from approvals b where b.workspace_id = a.workspace_id and b.run_id = a.run_id and b.wait_id = a.wait_id and b.requested_at > a.requested_at);
alter table approvals add constraint approvals_workspace_id_run_id_wait_id_key unique (workspace_id, run_id, wait_id);
drop table side_effects;
