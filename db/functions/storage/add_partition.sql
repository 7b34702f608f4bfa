-- Adds the partition for what goes in the month from p_day on. Rows that came before it was there lie in the
-- default partition and move over.
create or replace function storage.add_partition(p_table text, p_day date)
returns void
language plpgsql
as $$
declare
  v_name text := p_table || to_char(p_day, '_YYYY_MM');
  v_until date := (p_day + interval '1 month')::date;
begin
  execute format(
    'create table storage.%I (like public.%I including defaults including constraints)', v_name, p_table
  );
  execute format(
    'with moved as (delete from storage.%I where expires_on >= %L and expires_on < %L returning *)'
    ' insert into storage.%I select * from moved',
    p_table || '_default', p_day, v_until, v_name
  );
  execute format(
    'alter table public.%I attach partition storage.%I for values from (%L) to (%L)', p_table, v_name, p_day,
    v_until
  );
end;
$$;
