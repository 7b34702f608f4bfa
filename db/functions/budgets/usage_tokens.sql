-- Returns the tokens of a usage, input and output together.
create or replace function app.usage_tokens(p_usage jsonb)
returns bigint
language sql immutable
as $$
select (p_usage ->> 'inputTokens')::bigint + (p_usage ->> 'outputTokens')::bigint;
$$;
