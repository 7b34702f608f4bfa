-- What somebody who has lost a run still does, changes nothing any more: an effect is settled only by whoever has begun it last, and nothing is set aside for a run that is
-- in other hands or has ended. An answer "retry" is good for one try: when that leaves no answer either, the person is asked again.
alter table side_effects add column retries integer not null default 0;

-- Whether one of the runs that this one goes on from has sent the same and got no answer. It had another idempotency key, so nobody can tell the two apart.
create function app.sent_before(p_workspace uuid, p_run uuid, p_effect jsonb) returns boolean language plpgsql stable as $$
begin
  return exists (
    with recursive earlier as (
      select s.forked_from as id from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.reuses
      union
      select s.forked_from from earlier e join agent_sessions s on s.workspace_id = p_workspace and s.id = e.id and s.reuses)
    select from earlier e join side_effects o on o.workspace_id = p_workspace and o.run_id = e.id
    where o.state in ('pending', 'unknown') and o.step = p_effect ->> 'step' and o.kind = p_effect ->> 'kind' and o.target = p_effect ->> 'target'
      and o.request is not distinct from p_effect -> 'request');
end $$;

-- As in 0017, and: whoever begins has the effect from then on, and what an earlier run has sent without an answer is not sent by a retry or a fork of it either, before somebody has said whether it was.
create or replace function app.begin_effect(p_workspace uuid, p_run uuid, p_epoch bigint, p_effect jsonb) returns text language plpgsql as $$
declare
  e side_effects;
  v_sent boolean;
begin
  perform app.enter_workspace(p_workspace);
  if not exists (select 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running') then
    return 'lost';
  end if;
  v_sent := app.sent_before(p_workspace, p_run, p_effect);
  insert into side_effects (workspace_id, id, run_id, key, step, kind, target, request, epoch, state)
  values (p_workspace, gen_random_uuid(), p_run, p_effect ->> 'key', p_effect ->> 'step', p_effect ->> 'kind', p_effect ->> 'target', p_effect -> 'request', p_epoch,
    case when v_sent then 'unknown' else 'pending' end)
  on conflict do nothing;
  if found then
    return case when v_sent then 'unknown' else 'go' end;
  end if;
  select * into e from side_effects s where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key' for update;
  if e.state = 'sent' then
    return 'answered';
  end if;
  if e.state in ('assumed', 'not_sent') then
    update side_effects s set epoch = p_epoch where s.workspace_id = p_workspace and s.id = e.id;
    return 'unknown';
  end if;
  if e.state in ('pending', 'unknown') and (v_sent or not (p_effect ->> 'repeatable')::boolean) then
    update side_effects s set state = 'unknown', epoch = p_epoch where s.workspace_id = p_workspace and s.id = e.id;
    return 'unknown';
  end if;
  update side_effects s set state = 'pending', epoch = p_epoch, attempts = s.attempts + 1, settled_at = null where s.workspace_id = p_workspace and s.id = e.id;
  return 'go';
end $$;

-- Writes down what became of an effect. 'lost': somebody else has begun it since. 'answered': an earlier holder has got an answer meanwhile; the next claim has it. 'used': the
-- answer to try again (the n-th of this effect, `retries`: n) has had its try. (The function of the same name without an epoch serves invocations of the version before.)
create function app.settle_effect(p_workspace uuid, p_run uuid, p_epoch bigint, p_effect jsonb) returns text language plpgsql as $$
declare
  e side_effects;
begin
  perform app.enter_workspace(p_workspace);
  select * into e from side_effects s where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_effect ->> 'key' for update;
  if e.epoch is distinct from p_epoch then
    return 'lost';
  end if;
  if e.state = 'sent' then
    return 'answered';
  end if;
  if p_effect ? 'retries' and e.retries <> (p_effect ->> 'retries')::integer then
    return 'used';
  end if;
  update side_effects s set state = p_effect ->> 'state', error = nullif(p_effect -> 'error', 'null'), decided_by = coalesce(nullif(p_effect -> 'by', 'null'), s.decided_by),
    settled_at = case when p_effect ->> 'state' in ('pending', 'unknown') then null else clock_timestamp() end,
    retries = s.retries + case when p_effect ? 'retries' then 1 else 0 end
  where s.workspace_id = p_workspace and s.id = e.id;
  return 'settled';
end $$;

-- As in 0013, for whoever holds the run; {lost} for anybody else.
create function app.reserve_usage(p_workspace uuid, p_run uuid, p_epoch bigint, p_ask jsonb) returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_root uuid;
  v_limited boolean;
  v_monthly jsonb;
  v_over jsonb;
  l record;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run;
  select jsonb_object_agg(m.scope, m.limits) into v_monthly from (
    select 'workspace' as scope, w.limits -> 'monthly' as limits from workspaces w where w.id = p_workspace and w.limits ? 'monthly'
    union all
    select 'workflow', w.limits -> 'monthly' from workflows w where w.workspace_id = p_workspace and w.id = r.workflow_id and w.limits ? 'monthly') m;
  select (array_agg(a.run_id) filter (where a.is_root))[1], coalesce(bool_or(a.limits ? 'maxTokens' or a.limits ? 'maxCostUsd'), false)
  into v_root, v_limited from app.limits_above(p_workspace, p_run) a;
  if v_monthly is null and not v_limited then
    return null;
  end if;
  if v_monthly is not null then
    perform pg_advisory_xact_lock(hashtextextended('usage ' || p_workspace::text, 0));
  end if;
  perform pg_advisory_xact_lock(hashtextextended('usage ' || v_root::text, 0));
  delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run and (v.key = p_ask ->> 'key' or v.log_seq <> r.log_seq);
  for l in select m.scope, v_monthly -> m.scope as limits from unnest(array['workspace', 'workflow']) as m (scope) where v_monthly ? m.scope loop
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_ask) into v_over
    from app.month_usage(p_workspace, case when l.scope = 'workflow' then r.workflow_id end) u;
    if v_over is not null then
      return v_over || jsonb_build_object('scope', l.scope, 'onLimit', 'fail');
    end if;
  end loop;
  for l in select * from app.limits_above(p_workspace, p_run) a where a.limits ? 'maxTokens' or a.limits ? 'maxCostUsd' loop
    select app.overspent(l.limits, u.tokens, u.cost_usd, p_ask) into v_over from app.family_usage(p_workspace, l.run_id) u;
    if v_over is not null then
      return v_over || jsonb_build_object('scope', case when l.level = 0 then 'run' else 'ancestor' end, 'runId', l.run_id, 'onLimit', coalesce(l.limits ->> 'onLimit', 'fail'));
    end if;
  end loop;
  -- The commit that ends the run gives back what is set aside: what comes after it would be set aside for ever.
  perform from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running' for share;
  if not found then
    return jsonb_build_object('lost', true);
  end if;
  insert into reservations (workspace_id, run_id, key, tokens, cost_usd, log_seq)
  values (p_workspace, p_run, p_ask ->> 'key', (p_ask ->> 'tokens')::bigint, (p_ask ->> 'costUsd')::double precision, r.log_seq);
  return null;
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
