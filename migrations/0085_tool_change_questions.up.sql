-- What an admin is asked when a tool is not what it was. The rows that are there fit, so the check is not made anew for them.
alter table approvals drop constraint approvals_subject_check;
alter table approvals
  add constraint approvals_subject_check
  check (
    subject in ('step', 'tool', 'tool_change', 'side_effect', 'budget', 'turns', 'rounds', 'agent_budget')
  ) not valid;
