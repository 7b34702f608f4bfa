-- Returns what calls use that are under way or not yet stored with their superstep: of those that are
-- answered what the answer says, of the others what they may use at most.
create or replace function app.set_aside(p_workspace uuid)
returns table (run_id uuid, workflow_id uuid, tokens bigint, cost_usd double precision)
language sql stable
as $$
select v.run_id, s.workflow_id, coalesce(app.usage_tokens(j.result -> 'use'), v.tokens),
  coalesce((j.result -> 'use' ->> 'costUsd')::double precision, v.cost_usd)
from reservations v
join agent_sessions s on s.workspace_id = p_workspace
  and s.id = v.run_id
  and s.finished_at is null
  and s.log_seq = v.log_seq
left join journal j on j.workspace_id = p_workspace
  and j.run_id = v.run_id
  and j.key = v.key || ':model'
  and j.expires_on = s.checkpoints_expire_on
where v.workspace_id = p_workspace;
$$;
