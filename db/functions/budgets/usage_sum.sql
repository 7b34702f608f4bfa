-- Adds two usages, either of which may be null. Money is added as decimals.
create or replace function app.usage_sum(p_one jsonb, p_other jsonb)
returns jsonb
language sql immutable
as $$
select jsonb_build_object(
  'inputTokens', coalesce((p_one ->> 'inputTokens')::bigint, 0)
    + coalesce((p_other ->> 'inputTokens')::bigint, 0),
  'outputTokens', coalesce((p_one ->> 'outputTokens')::bigint, 0)
    + coalesce((p_other ->> 'outputTokens')::bigint, 0),
  'costUsd', coalesce((p_one ->> 'costUsd')::numeric, 0)
    + coalesce((p_other ->> 'costUsd')::numeric, 0)
);
$$;
