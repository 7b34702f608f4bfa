-- Tells whether a run that this one continues from has sent the same and got no answer. It had another
-- idempotency key, so the receiver cannot tell the two apart.
create or replace function app.sent_before(p_workspace uuid, p_run uuid, p_effect jsonb)
returns boolean
language plpgsql stable
as $$
begin
  return exists (
    with recursive earlier as (
      select s.forked_from as id
      from agent_sessions s
      where s.workspace_id = p_workspace and s.id = p_run and s.reuses
      union
      select s.forked_from
      from earlier e
      join agent_sessions s on s.workspace_id = p_workspace and s.id = e.id and s.reuses
    )
    select from earlier e
    join side_effects o on o.workspace_id = p_workspace and o.run_id = e.id
    where o.state in ('pending', 'unknown')
      and o.step = p_effect ->> 'step'
      and o.kind = p_effect ->> 'kind'
      and o.target = p_effect ->> 'target'
      and o.request is not distinct from p_effect -> 'request'
  );
end;
$$;
