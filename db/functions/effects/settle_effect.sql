-- Writes down what became of a write. 'settled'; 'lost': somebody else has begun it since; 'answered': an
-- earlier holder has got an answer meanwhile, which the next claim brings; 'used': the answer to try again
-- (the n-th of this write, `retries`: n) has had its try.
create or replace function app.settle_effect(p_workspace uuid, p_run uuid, p_epoch bigint, p_effect jsonb)
returns text
language plpgsql
as $$
declare
  e side_effects;
begin
  perform app.enter_workspace(p_workspace);
  select * into e
  from side_effects s
  where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key'
  for no key update;
  if e.epoch is distinct from p_epoch then
    return 'lost';
  end if;
  if e.state = 'sent' then
    return 'answered';
  end if;
  if p_effect ? 'retries' and e.retries <> (p_effect ->> 'retries')::integer then
    return 'used';
  end if;
  update side_effects s set
    state = p_effect ->> 'state',
    error = nullif(p_effect -> 'error', 'null'),
    decided_by = coalesce(nullif(p_effect -> 'by', 'null'), s.decided_by),
    settled_at = case
      when p_effect ->> 'state' in ('pending', 'unknown') then null
      else clock_timestamp()
    end,
    retries = s.retries + case when p_effect ? 'retries' then 1 else 0 end
  where s.workspace_id = p_workspace and s.id = e.id;
  return 'settled';
end;
$$;
