-- Trigger of agent_sessions: keeps the line that tells of a run and the words that it is found by: those of
-- its id and its input from the start, of its output and its error from its end. Items of maps are not found.
create or replace function app.describe_run()
returns trigger
language plpgsql
as $$
begin
  if tg_op = 'UPDATE' and new.finished_at is null and new.error is null then
    return new;
  end if;
  new.summary := app.summarize_run(new.status, new.input, new.output, new.error);
  if new.fragment is null and (tg_op = 'INSERT' or new.finished_at is not null) then
    new.words := (
      select array_to_tsvector(array_agg(distinct app.own_word(new.workspace_id, word)))
      from unnest(
        app.split_words(new.id::text)
        || right(new.id::text, 6)
        || app.split_words(new.input::text)
        || app.split_words(new.output::text)
        || app.split_words(new.error ->> 'message')
      ) as word
    );
  end if;
  return new;
end;
$$;
