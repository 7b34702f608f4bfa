drop trigger note_words on agent_sessions;
drop function app.note_words();
alter table agent_sessions add column words tsvector;
update agent_sessions s set words = w.words
from run_words w
where w.workspace_id = s.workspace_id and w.run_id = s.id;
create index agent_sessions_words on agent_sessions using gin (words);
drop table run_words;
