-- Returns what a workspace, or one of its workflows, has used this month (UTC), calls under way included, and
-- those that belong to no run. Every run counts for itself: what its children used is theirs.
create or replace function app.month_usage(p_workspace uuid, p_workflow uuid)
returns table (tokens bigint, cost_usd double precision)
language sql stable
as $$
with aside as (
  select coalesce(sum(a.tokens), 0) as tokens, coalesce(sum(a.cost_usd::numeric), 0) as cost_usd
  from app.set_aside(p_workspace) a
  where p_workflow is null or a.workflow_id = p_workflow
),
apart as (
  select coalesce(sum(c.tokens), 0) as tokens, coalesce(sum(c.cost_usd::numeric), 0) as cost_usd
  from model_calls c
  where c.workspace_id = p_workspace
    and c.created_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
    and (p_workflow is null or c.workflow_id = p_workflow)
)
select (
    coalesce(sum(app.usage_tokens(s.usage)), 0) + (select aside.tokens from aside)
    + (select apart.tokens from apart)
  )::bigint,
  (
    coalesce(sum((s.usage ->> 'costUsd')::numeric), 0) + (select aside.cost_usd from aside)
    + (select apart.cost_usd from apart)
  )::double precision
from agent_sessions s
where s.workspace_id = p_workspace
  and s.created_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
  and (p_workflow is null or s.workflow_id = p_workflow);
$$;
