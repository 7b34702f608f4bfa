drop policy system on approvals;
revoke select (workspace_id, run_id, subject, subject_id, status, requested_at, due_at) on approvals
  from app_system;
drop index approvals_open_budget;
drop index system_waits_of_budget;
alter table waits drop column budget;
