-- The words that a run is found by lie apart from it: a commit writes the run's row anew, and would copy them
-- with every superstep (6 % of what one costs).
create table run_words (
  workspace_id uuid not null,
  run_id uuid not null,
  words tsvector not null,
  primary key (workspace_id, run_id),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade
);
insert into run_words (workspace_id, run_id, words)
select workspace_id, id, words from agent_sessions where words is not null;
create index run_words_by_word on run_words using gin (words);
alter table agent_sessions drop column words;
alter table run_words enable row level security;
alter table run_words force row level security;
grant select, insert, update, delete on run_words to app_tenant;
create policy tenant on run_words for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));

create function app.note_words() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger note_words after insert or update of finished_at on agent_sessions for each row
  when (new.agent_type <> 'ingest' and new.fragment is null)
  execute function app.note_words();
