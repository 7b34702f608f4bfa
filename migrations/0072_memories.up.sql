-- Facts that agents remember from one run to another. Texts stand here; their vectors in the vector store.
create table memories (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  scope text not null check (scope in ('workspace', 'workflow', 'agent')),
  -- The workflow that has the memory; for one agent's, with its name after a slash.
  owner text not null check (length(owner) <= 200),
  -- The person or the conversation that it is about; empty: nobody in particular.
  subject text not null default '' check (length(subject) <= 200),
  text text not null check (length(text) between 1 and 2000),
  importance smallint not null check (importance between 1 and 10),
  valid_from timestamptz not null default clock_timestamp(),
  -- Null as long as it holds. A fact that another contradicts is kept, with the moment from which it was out of date.
  valid_until timestamptz,
  superseded_by uuid,
  source_run_id uuid,
  source_step text check (length(source_step) <= 200),
  -- Null while its vector is owed.
  embedded_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, id),
  check ((scope = 'workspace') = (owner = ''))
);
-- The same is not remembered twice in one place, whoever of two writers comes first.
create unique index memories_text on memories (workspace_id, scope, owner, subject, md5(lower(text)))
  where valid_until is null;
create index memories_recent on memories (workspace_id, scope, owner, subject, valid_from desc)
  where valid_until is null;
create index memories_pending on memories (workspace_id, scope, owner, subject)
  where valid_until is null and embedded_at is null;
create index memories_listed on memories (workspace_id, created_at desc, id desc);
create index memories_subject on memories (workspace_id, subject);
alter table memories enable row level security;
alter table memories force row level security;
grant select, insert, update, delete on memories to app_tenant;
create policy tenant on memories for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
