-- Returns the days that a kind of data is kept in a workspace with these limits. agents/engine/retention.ts
-- has the bounds.
create or replace function app.retention_days(p_limits jsonb, p_kind text)
returns integer
language sql immutable parallel safe
as $$
select coalesce(
  (p_limits -> 'retention' ->> p_kind)::integer,
  case p_kind when 'runs' then 90 when 'checkpoints' then 14 when 'failed' then 180 else 30 end
);
$$;
