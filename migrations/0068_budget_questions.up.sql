-- A budget that is used up is one question, however many calls wait for the answer. A wait names the budget
-- that it waits for: run:<id>:<limit>, workspace:<limit> or workflow:<id>:<limit>, as its approval does in
-- subject_id. Questions from before name the limit alone; they are each run's own.
alter table waits add column budget text;
create index system_waits_of_budget on waits (workspace_id, budget)
  where status = 'open' and budget is not null;
create unique index approvals_open_budget on approvals (workspace_id, subject_id)
  where status = 'open' and subject = 'budget' and subject_id like '%:%';
grant select (budget) on waits to app_system;
grant select (workspace_id, run_id, subject, subject_id, status, requested_at, due_at) on approvals
  to app_system;
create policy system on approvals for select to app_system using (true);
