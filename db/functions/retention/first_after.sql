-- Returns the first of the month after so many days: partitions go by months.
create or replace function app.first_after(p_from timestamptz, p_days integer)
returns date
language sql immutable parallel safe
as $$
select (
  date_trunc('month', (p_from at time zone 'utc')::date + p_days + interval '0') + interval '1 month'
)::date;
$$;
