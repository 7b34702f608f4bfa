-- Sign-ins of MCP servers stand in sign_ins since 0071, and no version that may still run reads them here. The check on begun_* goes with its columns.
alter table mcp_servers
  drop column tokens_sealed,
  drop column tokens_revision,
  drop column begun_hash,
  drop column begun_sealed,
  drop column begun_until;
