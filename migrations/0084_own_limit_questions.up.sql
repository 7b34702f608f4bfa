-- What an agent asks that has used the rounds or the money that its definition gives it (until). The rows that are there fit, so the check is not made anew.
alter table approvals drop constraint approvals_subject_check;
alter table approvals
  add constraint approvals_subject_check
  check (subject in ('step', 'tool', 'side_effect', 'budget', 'turns', 'rounds', 'agent_budget')) not valid;
