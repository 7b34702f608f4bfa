drop function app.reserve_usage(uuid, uuid, jsonb);
drop function app.month_usage(uuid, uuid);
alter table agent_sessions drop column raised;
drop table reservations;
