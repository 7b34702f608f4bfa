drop index memories_ended;
drop index documents_by_name;
drop index approvals_due;
