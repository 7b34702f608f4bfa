-- Reads a stored text as jsonb. What jsonb refuses (NUL, halves of characters) was once stored in texts: it
-- is taken out.
create or replace function app.json_of(p_text text)
returns jsonb
language plpgsql immutable
as $$
begin
  return p_text::jsonb;
exception when untranslatable_character or invalid_text_representation then
  return regexp_replace(
    p_text, '(?<!\\)((?:\\\\)*)\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\1', 'g'
  )::jsonb;
end;
$$;
