-- Notes that everything is in order today.
create or replace function storage.done()
returns void
language sql security definer
set search_path = 'pg_catalog', 'pg_temp'
as $$
update storage.upkeep set done_on = (now() at time zone 'utc')::date;
$$;
