-- Makes the next run due that was turned away from a crowded workflow. Returns the wake-up that it is owed.
create or replace function app.let_in(p_workspace uuid, p_workflow uuid)
returns jsonb
language sql
as $$
with next as (
  update agent_sessions s set due_at = clock_timestamp(), woken_at = clock_timestamp(), wakes = s.wakes + 1
  where s.workspace_id = p_workspace
    and s.id = (
      select n.id
      from agent_sessions n
      where n.workspace_id = p_workspace
        and n.workflow_id = p_workflow
        and n.held
        and n.status in ('queued', 'waiting')
      order by array_position(array['high', 'normal', 'low'], n.priority), n.created_at, n.id
      limit 1
      for no key update skip locked
    )
  returning s.id, s.wakes, s.priority
)
select coalesce(
  jsonb_agg(jsonb_build_object('runId', next.id, 'wakes', next.wakes, 'priority', next.priority)), '[]'
)
from next;
$$;
