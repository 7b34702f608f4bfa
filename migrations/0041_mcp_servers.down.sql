drop table mcp_tools;
drop table mcp_servers;
