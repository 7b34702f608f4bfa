-- Workflow steps name other workflows, so in a workspace a name stands for one of them. Of those that share a name already the oldest has it; the others
-- keep theirs until they are renamed, and a step that names them cannot be published.
alter table workflows add column shares_name boolean not null default false;
alter table workflows no force row level security;
update workflows w set shares_name = true
 where w.archived_at is null
   and exists (select 1 from workflows o where o.workspace_id = w.workspace_id and o.name = w.name and o.archived_at is null and (o.created_at, o.id) < (w.created_at, w.id));
alter table workflows force row level security;
create unique index workflows_by_name on workflows (workspace_id, name) where archived_at is null and not shares_name;
