-- Counts the changes of a draft, so that whoever writes on an old one is told instead of overwriting the newer.
alter table workflows add column revision integer not null default 1;

-- What has been decided is listed by when it was.
create index approvals_by_decision on approvals (workspace_id, status, decided_at desc, id desc) where decided_at is not null;
