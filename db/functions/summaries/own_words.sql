-- Returns words as the index of all runs has them.
create or replace function app.own_words(p_workspace uuid, p_words text[])
returns tsvector
language sql immutable
as $$
with own as materialized (select app.own_word(p_workspace, '') as beginning)
select array_to_tsvector(array_agg(distinct own.beginning || word))
from own, unnest(p_words) as word;
$$;
