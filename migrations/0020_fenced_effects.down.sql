drop function app.reserve_usage(uuid, uuid, bigint, jsonb);
drop function app.settle_effect(uuid, uuid, bigint, jsonb);
create or replace function app.begin_effect(p_workspace uuid, p_run uuid, p_epoch bigint, p_effect jsonb) returns text language plpgsql as $$
declare
  e side_effects;
begin
  perform app.enter_workspace(p_workspace);
  if not exists (select 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running') then
    return 'lost';
  end if;
  insert into side_effects (workspace_id, id, run_id, key, step, kind, target, request, epoch)
  values (p_workspace, gen_random_uuid(), p_run, p_effect ->> 'key', p_effect ->> 'step', p_effect ->> 'kind', p_effect ->> 'target', p_effect -> 'request', p_epoch)
  on conflict do nothing;
  if found then
    return 'go';
  end if;
  select * into e from side_effects s where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key' for update;
  if e.state = 'sent' then
    return 'answered';
  end if;
  if e.state in ('assumed', 'not_sent') then
    return 'unknown';
  end if;
  if e.state in ('pending', 'unknown') and not (p_effect ->> 'repeatable')::boolean then
    update side_effects s set state = 'unknown' where s.workspace_id = p_workspace and s.id = e.id;
    return 'unknown';
  end if;
  update side_effects s set state = 'pending', epoch = p_epoch, attempts = s.attempts + 1, settled_at = null where s.workspace_id = p_workspace and s.id = e.id;
  return 'go';
end $$;
drop function app.sent_before(uuid, uuid, jsonb);
alter table side_effects drop column retries;
