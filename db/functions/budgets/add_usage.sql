-- Adds what a superstep has used to what its run has used before. Money is added as decimals, which no sum
-- of any length rounds.
create or replace function app.add_usage(p_used jsonb, p_more jsonb)
returns jsonb
language sql immutable parallel safe
as $$
select p_used
  || jsonb_build_object(
    'inputTokens', (p_used ->> 'inputTokens')::bigint + (p_more ->> 'inputTokens')::bigint,
    'outputTokens', (p_used ->> 'outputTokens')::bigint + (p_more ->> 'outputTokens')::bigint,
    'costUsd', (p_used ->> 'costUsd')::numeric + (p_more ->> 'costUsd')::numeric
  )
  || case
    when p_more ? 'savedUsd'
      then jsonb_build_object(
        'savedTokens', coalesce((p_used ->> 'savedTokens')::bigint, 0) + (p_more ->> 'savedTokens')::bigint,
        'savedUsd', coalesce((p_used ->> 'savedUsd')::numeric, 0)
          + (p_more ->> 'savedUsd')::numeric
      )
    else '{}'
  end;
$$;
