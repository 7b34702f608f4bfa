-- A run that waits for the answer to another run's question would wait for ever: the schema before knows a
-- question of a run's own only.
do $$
declare
  v_runs integer;
begin
  -- The owner of a database that is not ours may be bound by row-level security as well.
  alter table waits no force row level security;
  alter table approvals no force row level security;
  select count(distinct w.run_id) into v_runs
  from waits w
  where w.budget is not null
    and w.status = 'open'
    and not exists (
      select
      from approvals a
      where a.workspace_id = w.workspace_id and a.run_id = w.run_id and a.wait_id = w.id and a.status = 'open'
    );
  if v_runs > 0 then
    raise exception using message = format(
      '%s runs wait for the answer to a question about a budget that another run has asked. '
      'Answer or cancel those questions in the inbox, then take this migration back.', v_runs
    );
  end if;
  alter table waits force row level security;
  alter table approvals force row level security;
end $$;
drop policy system on approvals;
revoke select (workspace_id, run_id, subject, subject_id, status, requested_at, due_at) on approvals
  from app_system;
drop index approvals_open_budget;
drop index system_waits_of_budget;
alter table waits drop column budget;
