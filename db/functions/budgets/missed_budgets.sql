-- Returns budgets that runs wait for though nobody is asked about them any more (the question was taken back
-- with its run or has expired, or the process that decided it died before it told the others), and those
-- whose run is to be stopped, because nobody has answered in time what a run below has asked. A paused
-- family's time is over when it goes on. What is asked about a month that is over is to be looked at anew.
create or replace function app.missed_budgets(p_limit integer)
returns table (workspace_id uuid, budget text, why text)
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  select distinct w.workspace_id, w.budget, 'unasked'
  from waits w
  where w.status = 'open'
    and w.budget is not null
    and not exists (
      select
      from approvals a
      where a.workspace_id = w.workspace_id
        and a.subject = 'budget'
        and a.subject_id = w.budget
        and a.status = 'open'
    )
  union all
  select a.workspace_id, a.subject_id, 'overdue'
  from approvals a
  join agent_sessions s on s.workspace_id = a.workspace_id and s.id = a.run_id
  where a.status = 'open'
    and a.subject = 'budget'
    and a.subject_id like 'run:%'
    and split_part(a.subject_id, ':', 2) <> a.run_id::text
    and a.due_at <= clock_timestamp()
    and s.status <> 'paused'
  union all
  select a.workspace_id, a.subject_id, 'past'
  from approvals a
  where a.status = 'open'
    and a.subject = 'budget'
    and a.subject_id like '%:%'
    and a.subject_id not like 'run:%'
    and a.requested_at < date_trunc('month', now() at time zone 'utc') at time zone 'utc'
  limit p_limit;
end;
$$;
