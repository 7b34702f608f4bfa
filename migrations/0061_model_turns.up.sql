-- Requests to models of runs that may make so many a minute: those of the last minute, and the moments that are promised to those that
-- wait. A minute later a row is of no use, and the next request of its family takes it away.
create table model_turns (
  workspace_id uuid not null,
  -- The run at the top of the family: all that it has started share its limits.
  run_id uuid not null,
  id uuid not null default gen_random_uuid(),
  -- What is limited: the crew, or one of its agents.
  pace text not null check (length(pace) <= 500),
  -- The request, while it waits; null when it was made.
  key text check (length(key) <= 500),
  at timestamptz not null,
  primary key (workspace_id, run_id, id),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade
);
create index model_turns_by_pace on model_turns (workspace_id, run_id, pace, at desc);
alter table model_turns enable row level security;
alter table model_turns force row level security;
grant select, insert, update, delete on model_turns to app_tenant;
create policy tenant on model_turns for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
