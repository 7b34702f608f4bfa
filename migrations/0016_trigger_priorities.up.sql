-- The lane of the runs that a schedule or a webhook starts.
alter table schedules add column priority text not null default 'normal' check (priority in ('high', 'normal', 'low'));
alter table webhooks add column priority text not null default 'normal' check (priority in ('high', 'normal', 'low'));
