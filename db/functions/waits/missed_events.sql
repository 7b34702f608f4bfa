-- Returns keys that an event and an open wait have in common and that nobody has brought together, because
-- the process between the two died.
create or replace function app.missed_events(p_limit integer)
returns table (workspace_id uuid, key text)
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  select distinct e.workspace_id, e.key
  from events e
  where e.delivered_at is null
    and e.received_at > clock_timestamp() - interval '1 day'
    and exists (
      select 1
      from waits w
      where w.workspace_id = e.workspace_id and w.key = e.key and w.kind = 'event' and w.status = 'open'
    )
  limit p_limit;
end;
$$;
