-- Tasks that MCP servers work on for runs (docs/mcp.md). A row goes when its server has told the end of the task, or has been told
-- that the run has ended.
create table remote_tasks (
  workspace_id uuid not null,
  run_id uuid not null,
  connection_id uuid not null,
  task_id text not null check (length(task_id) between 1 and 500),
  created_at timestamptz not null default clock_timestamp(),
  -- How often the server was to be told that the run has ended, and when it may be told again.
  attempts integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, run_id, connection_id, task_id),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
create index remote_tasks_connection on remote_tasks (workspace_id, connection_id);
alter table remote_tasks enable row level security;
alter table remote_tasks force row level security;
grant select, insert, update, delete on remote_tasks to app_tenant;
create policy tenant on remote_tasks for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));

-- The tick finds those whose run has ended, in all workspaces.
grant select, update (attempts, due_at) on remote_tasks to app_system;
create policy system_read on remote_tasks for select to app_system using (true);
create policy system_take on remote_tasks for update to app_system using (true) with check (true);
