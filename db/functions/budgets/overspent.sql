-- Returns the limit that a call would break, {limit, most, used}; null when it would break none.
-- Money is compared as decimals: three calls of $0.10 fit into $0.30.
create or replace function app.overspent(
  p_limits jsonb,
  p_tokens bigint,
  p_cost_usd double precision,
  p_ask jsonb
)
returns jsonb
language sql immutable
as $$
select case
  when p_tokens + (p_ask ->> 'tokens')::bigint > (p_limits ->> 'maxTokens')::bigint
    then jsonb_build_object('limit', 'maxTokens', 'most', p_limits -> 'maxTokens', 'used', p_tokens)
  when p_cost_usd::numeric + (p_ask ->> 'costUsd')::numeric > (p_limits ->> 'maxCostUsd')::numeric
    then jsonb_build_object('limit', 'maxCostUsd', 'most', p_limits -> 'maxCostUsd', 'used', p_cost_usd)
end;
$$;
