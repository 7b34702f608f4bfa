-- What an agent asks that has used its turns. The rows that are there fit, so the check is not made anew for them.
alter table approvals drop constraint approvals_subject_check;
alter table approvals
  add constraint approvals_subject_check
  check (subject in ('step', 'tool', 'side_effect', 'budget', 'turns')) not valid;
