-- Named credentials of a workspace for models, tools and servers (docs/connections.md). What is secret is sealed for its row only and goes to `hosts` and nowhere else.
create table connections (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- Definitions write it: in `model: name/gpt-5`, and before the tools of a server.
  name text not null check (name ~ '^[a-z][a-z0-9]*([-_][a-z0-9]+)*$' and length(name) <= 32),
  kind text not null check (kind in ('openai', 'anthropic', 'google', 'gateway', 'openai-compatible', 'mcp', 'http', 'smtp', 'slack', 'github', 'figma')),
  -- What may be shown: addresses, names of headers and accounts.
  settings jsonb not null default '{}' check (jsonb_typeof(settings) = 'object' and pg_column_size(settings) <= 16384),
  -- Null where the kind asks for nothing secret and nothing was given.
  credentials_sealed text check (length(credentials_sealed) <= 262144),
  -- Which of the kind's secret fields have a value.
  secret_fields text[] not null default '{}' check (cardinality(secret_fields) <= 30),
  hosts text[] not null check (cardinality(hosts) between 1 and 50),
  test_ok boolean,
  test_message text check (length(test_message) <= 2000),
  tested_at timestamptz,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, name),
  check ((tested_at is null) = (test_ok is null) and (tested_at is null) = (test_message is null))
);
alter table connections enable row level security;
alter table connections force row level security;
grant select, insert, update, delete on connections to app_tenant;
create policy tenant on connections for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
