-- Returns the words of a text that are worth finding, in lower case: the first 400 of its first 20,000
-- characters.
create or replace function app.split_words(p_text text)
returns text[]
language sql immutable
as $$
select coalesce(array_agg(distinct found.word), '{}')
from (
  select word
  from regexp_split_to_table(lower(left(p_text, 20000)), '[[:space:][:punct:]]+') as word
  where length(word) between 2 and 40
  limit 400
) found;
$$;
