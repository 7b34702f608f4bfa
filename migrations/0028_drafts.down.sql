drop index approvals_by_decision;
alter table workflows drop column revision;
