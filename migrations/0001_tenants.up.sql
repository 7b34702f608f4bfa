-- Roles, the workspace context, and who belongs where.
-- Roles live in the cluster, not in the database: several databases may share them, so creation tolerates them.
do $$ begin
  create role app_tenant nologin;
exception when duplicate_object or unique_violation then null; end $$;
do $$ begin
  create role app_system nologin;
exception when duplicate_object or unique_violation then null; end $$;
-- The only role the product logs in with. NOINHERIT: without `set role` it can read nothing, so a forgotten context fails closed.
do $$ begin
  create role app_runtime login noinherit;
exception when duplicate_object or unique_violation then null; end $$;
grant app_tenant, app_system to app_runtime;

create schema app;
grant usage on schema app to app_runtime, app_tenant, app_system;
grant usage on schema public to app_runtime, app_tenant, app_system;

-- After COMMIT a custom setting is '' and not NULL, hence nullif.
create function app.workspace_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.workspace_id', true), '')::uuid $$;
create function app.user_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

-- Enters a workspace for the rest of the transaction. A function that calls it runs its later statements under RLS:
-- one round trip instead of begin / set / query / commit.
create function app.enter_workspace(p_workspace uuid) returns void language plpgsql as $$
begin
  perform set_config('role', 'app_tenant', true), set_config('app.workspace_id', p_workspace::text, true);
end $$;

create table users (
  id uuid primary key,
  clerk_id text not null unique,
  email text unique,
  name text,
  image_url text,
  created_at timestamptz not null default now()
);

create table workspaces (
  id uuid primary key,
  clerk_org_id text not null unique,
  name text not null,
  slug text not null,
  owner_id uuid references users (id) on delete set null,
  region text not null default 'default',
  limits jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table members (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('admin', 'member')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);

create table api_keys (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null,
  prefix text not null,
  hash text not null,
  scopes text[] not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id)
);
create unique index system_api_keys_hash on api_keys (hash);

create table audit_log (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  actor jsonb not null,
  action text not null,
  target text not null,
  target_id text not null,
  detail jsonb not null default '{}',
  at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index audit_log_recent on audit_log (workspace_id, at desc);

-- Clerk delivers at least once; the message id tells a repetition.
create table clerk_deliveries (
  id text primary key,
  received_at timestamptz not null default now()
);
