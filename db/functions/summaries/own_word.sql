-- Returns a word as the index of all runs has it. It begins with its workspace, so that a search reads that
-- workspace's part of the index only, whatever others have written.
create or replace function app.own_word(p_workspace uuid, p_word text)
returns text
language sql immutable
as $$
select right(replace(p_workspace::text, '-', ''), 12) || ' ' || p_word;
$$;
