-- Asks before a write goes out, and makes the caller its holder. 'go': nothing of it has been sent, or it may
-- be repeated. 'unknown': an attempt that left no answer, of this run or of one that it continues from, may
-- have sent it. 'answered': an earlier holder has got an answer; the next claim brings it. 'lost': the run is
-- in other hands, so nothing may be sent.
create or replace function app.begin_effect(p_workspace uuid, p_run uuid, p_epoch bigint, p_effect jsonb)
returns text
language plpgsql
as $$
declare
  e side_effects;
  v_sent boolean;
begin
  perform app.enter_workspace(p_workspace);
  if not exists (
    select 1
    from agent_sessions s
    where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running'
  ) then
    return 'lost';
  end if;
  v_sent := app.sent_before(p_workspace, p_run, p_effect);
  insert into side_effects (workspace_id, id, run_id, key, step, kind, target, request, epoch, state)
  values (
    p_workspace, gen_random_uuid(), p_run, p_effect ->> 'key', p_effect ->> 'step', p_effect ->> 'kind',
    p_effect ->> 'target', p_effect -> 'request', p_epoch, case when v_sent then 'unknown' else 'pending' end
  )
  on conflict do nothing;
  if found then
    return case when v_sent then 'unknown' else 'go' end;
  end if;
  select * into e
  from side_effects s
  where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key'
  for no key update;
  if e.state = 'sent' then
    return 'answered';
  end if;
  if e.state in ('assumed', 'not_sent') then
    update side_effects s set epoch = p_epoch where s.workspace_id = p_workspace and s.id = e.id;
    return 'unknown';
  end if;
  if e.state in ('pending', 'unknown') and (v_sent or not (p_effect ->> 'repeatable')::boolean) then
    update side_effects s set state = 'unknown', epoch = p_epoch
    where s.workspace_id = p_workspace and s.id = e.id;
    return 'unknown';
  end if;
  update side_effects s set state = 'pending', epoch = p_epoch, attempts = s.attempts + 1, settled_at = null
  where s.workspace_id = p_workspace and s.id = e.id;
  return 'go';
end;
$$;
