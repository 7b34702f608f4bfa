-- What http and tool steps may send and nobody may read: values are sealed with the deployment's key before they come here.
create table secrets (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  name text not null check (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,63}$'),
  value_sealed text not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  -- Of the value.
  updated_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (workspace_id, name)
);
alter table secrets enable row level security;
alter table secrets force row level security;
grant select, insert, update, delete on secrets to app_tenant;
create policy tenant on secrets for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
