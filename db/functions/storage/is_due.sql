-- Tells whether nobody has found everything in order today.
create or replace function storage.is_due()
returns boolean
language sql stable security definer
set search_path = 'pg_catalog', 'pg_temp'
as $$
select done_on < (now() at time zone 'utc')::date from storage.upkeep;
$$;
