-- Tools that have changed since a version was published with them, as admins have accepted them: for one run, or for the version.
create table accepted_tools (
  workspace_id uuid not null,
  run_id uuid,
  workflow_version_id uuid,
  tool text not null check (length(tool) <= 128),
  -- Of the tool as it is called from then on.
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  accepted_by uuid references users (id) on delete set null,
  accepted_at timestamptz not null default now(),
  check (num_nonnulls(run_id, workflow_version_id) = 1),
  unique nulls not distinct (workspace_id, run_id, workflow_version_id, tool, digest),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, workflow_version_id) references workflow_versions (workspace_id, id) on delete cascade
);
create index accepted_tools_version on accepted_tools (workspace_id, workflow_version_id);
alter table accepted_tools enable row level security;
alter table accepted_tools force row level security;
grant select, insert on accepted_tools to app_tenant;
create policy tenant on accepted_tools for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
