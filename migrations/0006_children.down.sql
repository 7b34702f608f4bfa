drop policy system on waits;
revoke select (workspace_id, run_id, key, kind, status) on waits from app_system;
revoke select (priority, deadline_at) on agent_sessions from app_system;
drop table events;
alter table approvals drop column subject, drop column subject_id, drop column self_approval;
delete from workflow_versions where version is null;
alter table workflow_versions alter column version set not null;
drop index journal_by_hash;
alter table journal drop column node, drop column hash;
drop index waits_by_key;
alter table waits drop column key, drop column pending, drop column policy;
drop index agent_sessions_held;
alter table workflows drop column limits;
drop index agent_sessions_by_wait;
drop index agent_sessions_by_fork;
create index agent_sessions_by_parent on agent_sessions (workspace_id, parent_id) where parent_id is not null;
alter table agent_sessions
  drop column fragment, drop column parent_wait, drop column child_index, drop column item, drop column depth, drop column priority, drop column pausing,
  drop column held, drop column deadline_at, drop column response, drop column forked_step, drop column reuses;
