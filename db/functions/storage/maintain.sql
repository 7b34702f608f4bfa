-- Adds the next partition that is missing, or drops the next one whose day has come, and says which. 'done'
-- when there is none; 'busy' when somebody else is at it or a table is in use for longer than a second: then
-- the next tick tries again. One partition a call, so that no table is locked while another is waited for.
create or replace function storage.maintain()
returns text
language plpgsql security definer
set search_path = 'pg_catalog', 'public', 'pg_temp'
set lock_timeout = '1s'
as $$
declare
  v_today date := (now() at time zone 'utc')::date;
  p record;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('storage.maintain', 0)) then
    return 'busy';
  end if;
  for p in
    select c.relname as name, m::date as day
    from pg_class c
    cross join lateral generate_series(
      date_trunc('month', v_today) + interval '1 month', storage.horizon(c.relname), interval '1 month'
    ) m
    where c.relkind = 'p'
      and c.relnamespace = 'public'::regnamespace
      and to_regclass(format('storage.%I', c.relname || to_char(m, '_YYYY_MM'))) is null
    order by 2, 1
    limit 1
  loop
    perform storage.add_partition(p.name, p.day);
    return format('added %s %s', p.name, p.day);
  end loop;
  for p in
    select c.relname as partition, d.relname as name, to_date(right(c.relname, 7), 'YYYY_MM') as day
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    join pg_class d on d.oid = i.inhparent
    where c.relnamespace = 'storage'::regnamespace
      and c.relkind = 'r'
      and c.relname ~ '_\d{4}_\d{2}$'
      and to_date(right(c.relname, 7), 'YYYY_MM') <= v_today
    order by 3, 2
  loop
    continue when p.name not in ('webhook_deliveries', 'events')
      and exists (select 1 from app.kept_runs(p.day));
    execute format('drop table storage.%I', p.partition);
    return format('dropped %s %s', p.name, p.day);
  end loop;
  -- What came when its partition had gone.
  for p in
    select c.relname as name
    from pg_class c
    where c.relkind = 'p' and c.relnamespace = 'public'::regnamespace
    order by 1
  loop
    continue when p.name not in ('webhook_deliveries', 'events')
      and exists (select 1 from app.kept_runs(v_today));
    execute format('delete from storage.%I where expires_on <= %L', p.name || '_default', v_today);
  end loop;
  return 'done';
exception when lock_not_available then
  return 'busy';
end;
$$;
