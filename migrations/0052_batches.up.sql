-- Runs that were started together are listed by the id of their batch.
create index agent_sessions_by_batch on agent_sessions (workspace_id, (trigger ->> 'batch'), created_at desc, id desc)
  where trigger ->> 'batch' is not null;
