-- A failed run waits in the inbox for a week, until it is done anew or somebody takes it out.
alter table agent_sessions add column dismissed_at timestamptz;
create index agent_sessions_failed on agent_sessions (workspace_id, finished_at desc)
  where status in ('failed', 'timed_out') and parent_id is null and dismissed_at is null;
