-- Returns the search that was asked for in this transaction. Null, which finds nothing, where none was.
create or replace function app.asked_words()
returns tsquery
language sql stable
as $$
select app.find_words(app.workspace_id(), current_setting('app.words', true));
$$;
