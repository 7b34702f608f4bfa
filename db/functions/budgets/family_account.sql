-- Returns what a run and all that it has started have used, and beside it what calls use that are under way
-- or not yet stored. Runs that have ended are in their parents' sums.
create or replace function app.family_account(p_workspace uuid, p_run uuid)
returns table (tokens bigint, cost_usd double precision, aside_tokens bigint, aside_usd double precision)
language sql stable
as $$
with recursive family as (
  select s.id, s.usage
  from agent_sessions s
  where s.workspace_id = p_workspace and s.id = p_run
  union all
  select c.id, c.usage
  from family f
  join agent_sessions c on c.workspace_id = p_workspace
    and c.parent_id = f.id
    and c.started_at is not null
    and c.finished_at is null
),
aside as (
  select coalesce(sum(a.tokens), 0) as tokens, coalesce(sum(a.cost_usd::numeric), 0) as cost_usd
  from family f
  join app.set_aside(p_workspace) a on a.run_id = f.id
)
select
  sum(app.usage_tokens(f.usage) + coalesce(app.usage_tokens(f.usage -> 'children'), 0))::bigint,
  sum(
    (f.usage ->> 'costUsd')::numeric + coalesce((f.usage -> 'children' ->> 'costUsd')::numeric, 0)
  )::double precision,
  (select aside.tokens from aside)::bigint,
  (select aside.cost_usd from aside)::double precision
from family f;
$$;
