-- Makes a waiting run due now. A run that is being worked on needs nothing: its commit sees the answer.
-- Returns the wake-up that is owed.
create or replace function app.make_due(p_workspace uuid, p_run uuid)
returns jsonb
language sql
as $$
with due as (
  update agent_sessions s set due_at = clock_timestamp(), woken_at = clock_timestamp(), wakes = s.wakes + 1
  where s.workspace_id = p_workspace and s.id = p_run and s.status = 'waiting'
  returning s.id, s.wakes, s.priority
)
select coalesce(
  jsonb_agg(jsonb_build_object('runId', due.id, 'wakes', due.wakes, 'priority', due.priority)), '[]'
)
from due;
$$;
