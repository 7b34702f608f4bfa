-- The inbox asks for what is due next; a list of documents for those of one name; a memory that is full for
-- what has ended longest ago.
create index approvals_due on approvals (workspace_id, due_at, id)
  where status = 'open' and due_at is not null;
create index documents_by_name on documents (workspace_id, name, created_at desc, id desc);
create index memories_ended on memories (workspace_id, scope, owner, subject, valid_until desc)
  where valid_until is not null;
-- Definitions of forks that were refused. One that is an hour old belongs to no fork that is about to be
-- stored.
delete from workflow_versions v
where v.version is null
  and v.created_at < now() - interval '1 hour'
  and not exists (
    select from agent_sessions s where s.workspace_id = v.workspace_id and s.workflow_version_id = v.id
  );
