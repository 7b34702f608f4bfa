-- Returns a value as one line for people: a text's own first line, the part of an object that says most,
-- plain values one after the other; null where nothing can be said. p_depth bounds how far in is looked.
create or replace function app.say_value(p_value jsonb, p_depth integer)
returns text
language plpgsql immutable
as $$
declare
  v_key text;
  v_text text;
begin
  case jsonb_typeof(p_value)
    when 'string' then
      v_text := (regexp_match(left(p_value #>> '{}', 2000), '[^\n\r]*[^\s#>*_=|-][^\n\r]*'))[1];
      return nullif(left(regexp_replace(v_text, '^[\s#>*_=|-]+', ''), 200), '');
    when 'number', 'boolean' then
      return left(p_value #>> '{}', 40);
    when 'array' then
      if p_depth <= 0 then
        return null;
      end if;
      v_text := app.say_value(p_value -> 0, p_depth - 1);
      return case
        when jsonb_array_length(p_value) > 1 and v_text is not null
          then left(v_text, 160) || ' and ' || (jsonb_array_length(p_value) - 1) || ' more'
        else v_text
      end;
    when 'object' then
      if p_depth <= 0 then
        return null;
      end if;
      foreach v_key in array array['answer', 'summary', 'result', 'text', 'message', 'title'] loop
        if p_value ? v_key then
          v_text := app.say_value(p_value -> v_key, p_depth - 1);
          if v_text is not null then
            return v_text;
          end if;
        end if;
      end loop;
      select left(string_agg(said.words, ', '), 200) into v_text
      from (
        select app.say_value(part.value, p_depth - 1) as words
        from (select value from jsonb_each(p_value) limit 4) part
      ) said
      where said.words is not null;
      return nullif(v_text, '');
    else
      return null;
  end case;
end;
$$;
