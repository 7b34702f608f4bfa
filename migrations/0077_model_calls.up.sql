-- Calls of models that belong to no run, such as those that draft a workflow from a sentence. They count in the
-- month as runs do: under way with the most that they may use, afterwards with what they have used.
create table model_calls (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- Whose month's limits count too; null for a call that is about no workflow yet.
  workflow_id uuid,
  -- As the log of a run names it.
  model text not null check (length(model) between 1 and 500),
  tokens bigint not null check (tokens >= 0),
  cost_usd double precision not null check (cost_usd >= 0),
  created_at timestamptz not null default now(),
  -- Null while it is under way, or where its process has died.
  settled_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id) on delete cascade
);
create index model_calls_month on model_calls (workspace_id, created_at);
create index model_calls_workflow on model_calls (workspace_id, workflow_id);
alter table model_calls enable row level security;
alter table model_calls force row level security;
grant select, insert, update, delete on model_calls to app_tenant;
create policy tenant on model_calls for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
