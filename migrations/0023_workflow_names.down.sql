drop index workflows_by_name;
alter table workflows drop column shares_name;
