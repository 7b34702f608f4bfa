-- What is known of the connections of kind mcp (docs/mcp.md): how each server is spoken to, who we are there, and its tools.
create table mcp_servers (
  workspace_id uuid not null,
  connection_id uuid not null,
  preset text check (preset ~ '^[a-z0-9-]{1,40}$'),
  -- new: nobody has asked it yet; signed_out: it wants to know who is asking.
  state text not null default 'new' check (state in ('new', 'ready', 'signed_out', 'failed')),
  problem text check (length(problem) <= 2000),
  -- Revision of the protocol and whether it has sessions; null until it was found.
  dialect jsonb check (jsonb_typeof(dialect) = 'object'),
  server_name text not null default '' check (length(server_name) <= 200),
  -- Tools that it lists and that cannot be used, with the reasons.
  unfit jsonb not null default '[]' check (jsonb_typeof(unfit) = 'array'),
  listed_at timestamptz,
  -- Tokens of an OAuth sign-in. Each exchange raises the revision: of two at the same moment one is stored.
  tokens_sealed text check (length(tokens_sealed) <= 262144),
  tokens_revision integer not null default 0,
  -- A sign-in that somebody has begun and not yet ended; its state, hashed, and what the end of it needs.
  begun_hash text,
  begun_sealed text check (length(begun_sealed) <= 65536),
  begun_until timestamptz,
  primary key (workspace_id, connection_id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade,
  check ((begun_hash is null) = (begun_sealed is null) and (begun_hash is null) = (begun_until is null))
);
alter table mcp_servers enable row level security;
alter table mcp_servers force row level security;
grant select, insert, update, delete on mcp_servers to app_tenant;
create policy tenant on mcp_servers for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));

create table mcp_tools (
  workspace_id uuid not null,
  connection_id uuid not null,
  name text not null check (length(name) between 1 and 128),
  -- What models call it, behind the name of the connection and two underscores.
  alias text not null check (alias ~ '^[A-Za-z0-9_-]{1,30}$'),
  -- As the server lists it now; null when it lists it no more.
  listed jsonb check (jsonb_typeof(listed) = 'object'),
  -- As an admin has taken it in: models are told of this and of nothing else.
  trusted jsonb check (jsonb_typeof(trusted) = 'object'),
  -- By the admin's word; what the server says of it is a hint.
  effect text not null default 'write' check (effect in ('read', 'write', 'idempotent')),
  is_chosen boolean not null default false,
  -- Forms that an admin has accepted this one in place of, as published versions have pinned them.
  accepted_pins text[] not null default '{}' check (cardinality(accepted_pins) <= 100),
  primary key (workspace_id, connection_id, name),
  foreign key (workspace_id, connection_id) references mcp_servers (workspace_id, connection_id) on delete cascade,
  check (not is_chosen or trusted is not null)
);
-- Two tools that models would call by one name cannot both be chosen.
create unique index mcp_tools_alias on mcp_tools (workspace_id, connection_id, alias) where is_chosen;
alter table mcp_tools enable row level security;
alter table mcp_tools force row level security;
grant select, insert, update, delete on mcp_tools to app_tenant;
create policy tenant on mcp_tools for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
