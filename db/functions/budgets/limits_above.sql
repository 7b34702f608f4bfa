-- Returns the limits of a run and of its ancestors, nearest first. A part of a definition has the limits of
-- the whole, whose run is above it.
create or replace function app.limits_above(p_workspace uuid, p_run uuid)
returns table (run_id uuid, level integer, limits jsonb, is_root boolean)
language sql stable
as $$
with recursive up as (
  select s.id, s.parent_id, s.fragment, s.raised, s.workflow_version_id, 0 as level
  from agent_sessions s
  where s.workspace_id = p_workspace and s.id = p_run
  union all
  select s.id, s.parent_id, s.fragment, s.raised, s.workflow_version_id, up.level + 1
  from up
  join agent_sessions s on s.workspace_id = p_workspace and s.id = up.parent_id
)
select up.id, up.level,
  case when up.fragment is null then v.definition -> 'limits' || coalesce(up.raised, '{}') end,
  up.parent_id is null
from up
left join workflow_versions v on v.workspace_id = p_workspace and v.id = up.workflow_version_id
order by up.level;
$$;
