alter table agent_logs drop constraint agent_logs_kind_check, drop constraint agent_logs_status_check;
