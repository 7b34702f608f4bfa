-- A version before knows them as questions about a call.
alter table approvals drop constraint approvals_subject_check;
-- The owner of a database that is not ours may be bound by row-level security as well.
alter table approvals no force row level security;
update approvals set subject = 'tool' where subject = 'tool_change';
alter table approvals force row level security;
alter table approvals
  add constraint approvals_subject_check
  check (subject in ('step', 'tool', 'side_effect', 'budget', 'turns', 'rounds', 'agent_budget')) not valid;
