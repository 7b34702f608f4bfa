-- Skills: folders of texts that agents read when they need them. Each upload that changes one is a version; versions never change.
create table skills (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  name text not null check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(name) <= 48),
  version integer not null check (version > 0),
  description text not null check (length(description) between 1 and 1024),
  -- Of the description and all files.
  digest text not null,
  -- Texts by their paths; SKILL.md is one of them.
  files jsonb not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, name, version)
);
alter table skills enable row level security;
alter table skills force row level security;
grant select, insert, delete on skills to app_tenant;
create policy tenant on skills for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
