-- Trigger of agent_sessions: deletes the lines of a run's log with the run. A foreign key would look the run
-- up for every line of every commit.
create or replace function app.delete_logs()
returns trigger
language plpgsql
as $$
begin
  delete from agent_logs l
  where l.workspace_id = old.workspace_id and l.session_id = old.id and l.expires_on = old.logs_expire_on;
  return null;
end;
$$;
