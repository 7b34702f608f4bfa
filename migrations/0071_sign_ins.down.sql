alter table sign_ins no force row level security;
alter table mcp_servers no force row level security;
update mcp_servers m set tokens_sealed = s.tokens_sealed, tokens_revision = s.tokens_revision
from sign_ins s
where s.workspace_id = m.workspace_id and s.connection_id = m.connection_id;
alter table mcp_servers force row level security;
drop table sign_ins;
