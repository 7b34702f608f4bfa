-- Returns the last day on which something that is stored in the table now can go: the longest that any
-- workspace keeps it, and a month to spare.
create or replace function storage.horizon(p_table text)
returns date
language sql stable
as $$
select (app.first_after(now(), max(app.retention_days(l.limits, k.kind))) + interval '1 month')::date
from (select '{}'::jsonb as limits union all select w.limits from public.workspaces w) l
cross join unnest(
  case p_table
    when 'webhook_deliveries' then array['deliveries']
    when 'events' then array['events']
    when 'agent_logs' then array['logs', 'failed']
    else array['checkpoints', 'failed']
  end
) as k (kind);
$$;
