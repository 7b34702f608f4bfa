-- Requests that a workspace has declared as tools.
create table tools (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (name ~ '^[a-zA-Z][a-zA-Z0-9_-]{0,63}$'),
  origin text not null check (origin in ('http', 'openapi')),
  description text not null,
  -- The JSON Schema of its arguments. Not jsonb: people and models read the properties in the order in which they were written.
  input json not null,
  effect text not null check (effect in ('read', 'write', 'idempotent')),
  -- What is sent, and where in it each argument goes.
  request jsonb not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, name)
);
alter table tools enable row level security;
alter table tools force row level security;
grant select, insert, update, delete on tools to app_tenant;
create policy tenant on tools for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));

-- What a workspace says of the calls of a tool, wherever the tool comes from.
create table tool_settings (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  name text not null check (name ~ '^[a-zA-Z][a-zA-Z0-9_-]{0,63}$'),
  -- auto, approve, deny or {when}; null: as definitions say.
  policy jsonb,
  -- timeoutMs, bytes, perMinute, as far as they are not the tool's own.
  limits jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  primary key (workspace_id, name)
);
alter table tool_settings enable row level security;
alter table tool_settings force row level security;
grant select, insert, update, delete on tool_settings to app_tenant;
create policy tenant on tool_settings for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));

-- Values that runs keep for other runs.
create table store (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  namespace text not null check (length(namespace) between 1 and 200),
  key text not null check (length(key) between 1 and 500),
  value jsonb not null,
  -- Counts the writes: who has read one may say which it expects to replace.
  revision bigint not null default 1,
  -- Gone from then on; the next write to its namespace takes the row away.
  expires_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, namespace, key)
);
alter table store enable row level security;
alter table store force row level security;
grant select, insert, update, delete on store to app_tenant;
create policy tenant on store for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
