alter table webhooks drop column priority;
alter table schedules drop column priority;
