drop index agent_sessions_version;
alter table agent_sessions drop column is_try;
