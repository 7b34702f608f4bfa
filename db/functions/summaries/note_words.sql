-- Trigger of agent_sessions: keeps the words that a run is found by: those of its id and its input from the
-- start, of its output and its error from its end.
create or replace function app.note_words()
returns trigger
language plpgsql
as $$
declare
  v_words text[] := '{}';
begin
  -- A workspace that comes from another deployment brings it along.
  if current_setting('app.importing', true) = 'on' then
    return null;
  end if;
  if tg_op = 'INSERT' then
    v_words := app.split_words(new.id::text) || right(new.id::text, 6) || app.split_words(new.input::text);
  end if;
  if new.finished_at is not null then
    v_words := v_words || app.split_words(new.output::text) || app.split_words(new.error ->> 'message');
  end if;
  if v_words <> '{}' then
    insert into run_words as w (workspace_id, run_id, words)
    values (new.workspace_id, new.id, app.own_words(new.workspace_id, v_words))
    on conflict (workspace_id, run_id) do update set words = w.words || excluded.words;
  end if;
  return null;
end;
$$;
