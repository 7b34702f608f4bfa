-- Closes the waits of a run that has ended, and takes back the questions that nobody needs to answer any
-- more.
create or replace function app.close_waits(p_workspace uuid, p_run uuid)
returns void
language sql
as $$
update waits set status = 'consumed'
where workspace_id = p_workspace and run_id = p_run and status <> 'consumed';
update approvals set status = 'cancelled', decided_at = clock_timestamp()
where workspace_id = p_workspace and run_id = p_run and status = 'open';
$$;
