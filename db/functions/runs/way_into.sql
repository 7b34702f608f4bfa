-- Returns the step of a run that has started another, and which item of its list a map gave to it.
create or replace function app.way_into(p_fragment text, p_index integer, p_trigger jsonb)
returns jsonb
language sql immutable parallel safe
as $$
select case
  when p_fragment is null then jsonb_build_object('step', coalesce(p_trigger ->> 'step', ''), 'item', null)
  else jsonb_build_object('step', regexp_replace(p_fragment, '^.*/', ''), 'item', p_index)
end;
$$;
