-- Returns the account of a run with all that it has started:
-- {tokens, costUsd, asideTokens, asideUsd, limits}, with the limits as people have raised them.
-- Of a run that has ended nothing is set aside.
create or replace function app.run_account(p_workspace uuid, p_run uuid)
returns jsonb
language sql stable
as $$
select jsonb_build_object(
  'tokens', a.tokens, 'costUsd', a.cost_usd,
  'asideTokens', a.aside_tokens, 'asideUsd', a.aside_usd,
  'limits', coalesce(l.limits, '{}')
)
from app.family_account(p_workspace, p_run) a
left join lateral (
  select u.limits
  from app.limits_above(p_workspace, p_run) u
  where u.level = 0
) l on true;
$$;
