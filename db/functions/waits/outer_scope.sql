-- Returns what a part of a definition sees of the run it is a part of: what its map saw (waits.seen),
-- whatever continues beside it, with the states of every run above, outermost first.
create or replace function app.outer_scope(p_workspace uuid, p_parent uuid, p_wait text)
returns jsonb
language sql stable
as $$
with recursive up as (
  select s.parent_id, s.parent_wait, s.fragment, s.input, coalesce(w.seen, s.state) as state, s.trigger, s.id,
    1 as level
  from agent_sessions s
  left join waits w on w.workspace_id = s.workspace_id and w.run_id = s.id and w.id = p_wait
  where s.workspace_id = p_workspace and s.id = p_parent
  union all
  select s.parent_id, s.parent_wait, s.fragment, s.input, coalesce(w.seen, s.state), s.trigger, s.id,
    up.level + 1
  from up
  join agent_sessions s on s.workspace_id = p_workspace and s.id = up.parent_id
  left join waits w on w.workspace_id = s.workspace_id and w.run_id = s.id and w.id = up.parent_wait
  where up.fragment is not null
)
select jsonb_build_object(
  'input', (array_agg(up.input order by up.level desc))[1],
  'trigger', (array_agg(up.trigger order by up.level desc))[1],
  'runId', (array_agg(up.id order by up.level desc))[1], 'states', jsonb_agg(up.state order by up.level desc)
)
from up;
$$;
