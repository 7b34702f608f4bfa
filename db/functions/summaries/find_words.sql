-- Returns the search for runs that have all of these words, or words that begin with them; the first eight
-- count. Null where the text has no word.
create or replace function app.find_words(p_workspace uuid, p_text text)
returns tsquery
language sql immutable
as $$
select string_agg(quote_literal(app.own_word(p_workspace, word)) || ':*', ' & ')::tsquery
from (select unnest(app.split_words(left(p_text, 200))) as word limit 8) asked;
$$;
