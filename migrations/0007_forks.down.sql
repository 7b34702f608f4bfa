drop function app.reusable_result(uuid, uuid, text, text);
drop function app.fork_run(uuid, jsonb);
alter table agent_logs drop column reused;
