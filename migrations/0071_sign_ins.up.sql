-- The OAuth sign-ins of connections, whatever their kind: tokens, and what the end of a begun sign-in needs.
-- Until now those of MCP servers stood in mcp_servers; its columns stay for processes of the version before.
create table sign_ins (
  workspace_id uuid not null,
  connection_id uuid not null,
  -- Each exchange raises the revision: of two at the same moment one is stored.
  tokens_sealed text check (length(tokens_sealed) <= 262144),
  tokens_revision integer not null default 0,
  -- The state of a sign-in that somebody has begun, hashed, and what the end of it needs.
  begun_hash text,
  begun_sealed text check (length(begun_sealed) <= 65536),
  begun_until timestamptz,
  primary key (workspace_id, connection_id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade,
  check ((begun_hash is null) = (begun_sealed is null) and (begun_hash is null) = (begun_until is null))
);
alter table mcp_servers no force row level security;
insert into sign_ins (workspace_id, connection_id, tokens_sealed, tokens_revision)
select workspace_id, connection_id, tokens_sealed, tokens_revision
from mcp_servers
where tokens_sealed is not null;
alter table mcp_servers force row level security;
alter table sign_ins enable row level security;
alter table sign_ins force row level security;
grant select, insert, update, delete on sign_ins to app_tenant;
create policy tenant on sign_ins for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
