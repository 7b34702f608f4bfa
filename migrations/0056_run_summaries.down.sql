drop trigger describe_run on agent_sessions;
drop function app.describe_run();
drop index agent_sessions_words;
alter table agent_sessions drop column words, drop column summary;
