drop index agent_sessions_failed;
alter table agent_sessions drop column dismissed_at;
