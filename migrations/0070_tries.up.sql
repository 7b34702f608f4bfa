-- A run of a draft, to try it: marked, with all that it starts, and left out of what is said of the workflow.
alter table agent_sessions add column is_try boolean not null default false;
-- Definitions that belong to single runs go with the last run of them; the foreign key looks for runs, too.
create index agent_sessions_version on agent_sessions (workspace_id, workflow_version_id)
  where workflow_version_id is not null;
