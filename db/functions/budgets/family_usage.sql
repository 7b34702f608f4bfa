-- Returns what a run and all that it has started have used, calls under way included.
create or replace function app.family_usage(p_workspace uuid, p_run uuid)
returns table (tokens bigint, cost_usd double precision)
language sql stable
as $$
select a.tokens + a.aside_tokens, (a.cost_usd::numeric + a.aside_usd::numeric)::double precision
from app.family_account(p_workspace, p_run) a;
$$;
