-- Stores what a run waits for, and starts the runs it waits for. A superstep that is tried again asks the same again: the first time counts.
-- Returns the wake-ups that the started runs are owed.
-- A run that goes on from another one has its child runs go on from the other's: the one with the same input or item, else the one in the same place. What those have paid for or
-- sent is taken over where the same is asked. A run that is started has the time that its step and its workflow give it, and not more than what is left of the one that starts it.
create or replace function app.open_waits(r agent_sessions, p_waits jsonb, p_now timestamptz) returns jsonb language plpgsql as $$
declare
  v_wakes jsonb := '[]';
begin
  with asked as (
    insert into waits (workspace_id, run_id, id, kind, step, due_at, due_value, key, pending, policy)
    select r.workspace_id, r.id, w.id, w.kind, w.step, p_now + w."dueInMs" * interval '1 millisecond', w."dueValue", w.key,
      jsonb_array_length(w.children -> 'runs'), w.children ->> 'policy'
    from jsonb_to_recordset(p_waits) as w (id text, kind text, step text, "dueInMs" bigint, "dueValue" jsonb, key text, children jsonb)
    on conflict (workspace_id, run_id, id) do update
      set kind = excluded.kind, status = 'open', due_at = excluded.due_at, due_value = excluded.due_value, value = null, key = excluded.key,
        pending = excluded.pending, policy = excluded.policy, created_at = excluded.created_at
      -- Answered and taken in: the same task asks something else now.
      where waits.status = 'consumed'
    returning id),
  questions as (
    insert into approvals (workspace_id, id, run_id, wait_id, step, title, description, shown, actions, form, due_at, subject, subject_id, self_approval)
    select r.workspace_id, gen_random_uuid(), r.id, w.id, w.step, w.approval ->> 'title', w.approval ->> 'description', w.approval -> 'shown',
      array(select jsonb_array_elements_text(w.approval -> 'actions')), w.approval -> 'form', p_now + w."dueInMs" * interval '1 millisecond',
      coalesce(w.approval ->> 'subject', 'step'), w.approval ->> 'subjectId', coalesce((w.approval ->> 'selfApproval')::boolean, true)
    from jsonb_to_recordset(p_waits) as w (id text, step text, "dueInMs" bigint, approval jsonb)
    join asked on asked.id = w.id
    where w.approval is not null),
  -- What the run that this one was forked from has started for the same steps.
  before as materialized (
    select o.id, w.step, o.input, o.item -> 'item' as item, o.child_index, o.created_at
    from waits w join agent_sessions o on o.workspace_id = w.workspace_id and o.parent_id = w.run_id and o.parent_wait = w.id
    where r.reuses and w.workspace_id = r.workspace_id and w.run_id = r.forked_from),
  started as (
    insert into agent_sessions (workspace_id, id, agent_type, status, workflow_id, workflow_version_id, version, input, trigger, parent_id, parent_wait,
      child_index, fragment, item, depth, priority, deadline_at, due_at, forked_from, reuses)
    select r.workspace_id, (c.run ->> 'id')::uuid, c.run ->> 'agentType', 'queued', (c.run ->> 'workflowId')::uuid, (c.run ->> 'versionId')::uuid,
      (c.run ->> 'version')::integer, coalesce(c.run -> 'input', '{}'), jsonb_strip_nulls(jsonb_build_object('kind', 'run', 'runId', r.id, 'step', w.step, 'by', r.trigger ->> 'by')),
      r.id, w.id, c.ord - 1, c.run ->> 'fragment', c.run -> 'item', r.depth + 1, r.priority,
      least(r.deadline_at, p_now + (c.run ->> 'timeoutMs')::double precision * interval '1 millisecond'),
      -- Those beyond the bound start when others have ended.
      case when c.ord <= (w.children ->> 'parallel')::integer then p_now else 'infinity' end,
      origin.id, origin.id is not null
    from jsonb_to_recordset(p_waits) as w (id text, step text, children jsonb)
    join asked on asked.id = w.id
    cross join lateral jsonb_array_elements(w.children -> 'runs') with ordinality as c (run, ord)
    left join lateral (
      select b.id from before b where b.step = w.step
      order by b.input = coalesce(c.run -> 'input', '{}') and b.item is not distinct from c.run -> 'item' -> 'item' desc, b.child_index = c.ord - 1 desc, b.created_at desc
      limit 1) origin on true
    where w.children is not null
    returning id, wakes, due_at)
  select coalesce(jsonb_agg(jsonb_build_object('runId', s.id, 'wakes', s.wakes, 'priority', r.priority)), '[]') into v_wakes from started s where s.due_at <> 'infinity';
  return v_wakes;
end $$;

-- Makes a run that goes on from where another one stood. p_fork: {id, origin, superstep | null, state: {channel: text}, versionId?, version?, agentType?,
-- input?, trigger, reuses, timeoutMs?}. Without a superstep it goes on from the newest checkpoint, and branches that were done stay done. `fresh` begins anew.
-- Returns the wake-up that is owed; a word that says why there is none.
create or replace function app.fork_run(p_workspace uuid, p_fork jsonb) returns jsonb language plpgsql as $$
declare
  o agent_sessions;
  c checkpoints;
  n agent_sessions;
  v_id uuid := (p_fork ->> 'id')::uuid;
  v_fresh boolean := (p_fork ->> 'fresh')::boolean;
  v_step integer := coalesce((p_fork ->> 'superstep')::integer, 0);
  v_state jsonb := '{}';
  v_values jsonb;
begin
  perform app.enter_workspace(p_workspace);
  select * into o from agent_sessions s where s.workspace_id = p_workspace and s.id = (p_fork ->> 'origin')::uuid and s.workflow_id is not null;
  if not found then
    return jsonb_build_object('refused', 'not-found');
  end if;
  if o.parent_id is not null then
    return jsonb_build_object('refused', 'child', 'parentId', o.parent_id);
  end if;
  if not v_fresh then
    select k.* into c from checkpoints k
    where k.workspace_id = p_workspace and k.thread_id = o.id::text and k.checkpoint_ns = '' and k.expires_on = o.checkpoints_expire_on
      and (p_fork ->> 'superstep' is null or (k.metadata ->> 'step')::integer = v_step)
    order by k.checkpoint_id desc limit 1;
    -- A run that failed before its first checkpoint begins anew. One whose checkpoints are not kept any more does not.
    v_fresh := not found;
    if v_fresh and (p_fork ->> 'superstep' is not null or o.step > 0) then
      return jsonb_build_object('refused', 'no-checkpoint');
    end if;
  end if;
  if not v_fresh then
    v_step := case when p_fork ->> 'superstep' is null then o.step else v_step end;
    -- Whole values, which nothing before has to be read for, and those that the fork changes. Keys that nothing had been saved to get a version.
    select coalesce(jsonb_object_agg(v.channel, v.value), '{}') into v_values from app.values_of(c) v where v.type = 'json';
    v_values := v_values || (p_fork -> 'state');
    c.checkpoint := jsonb_set(c.checkpoint, '{channel_versions}', (
      select coalesce(jsonb_object_agg(e.key, '000000000001.fork'), '{}')
      from jsonb_each(p_fork -> 'state') e) || (c.checkpoint -> 'channel_versions'));
    insert into checkpoints (workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata, small)
    select p_workspace, v_id::text, '', c.checkpoint_id, null, c.checkpoint, c.metadata || '{"source": "fork"}',
      (select jsonb_object_agg(e.key, case when length(e.value) <= 64 then to_jsonb(e.value) end) from jsonb_each_text(v_values) e);
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
    select p_workspace, v_id::text, '', e.key, c.checkpoint -> 'channel_versions' ->> e.key, 'json', e.value
    from jsonb_each_text(v_values) e where length(e.value) > 64;
    if p_fork ->> 'superstep' is null then
      -- What a branch asked or got wrong is asked and tried again: an answer that it has failed with must not be its answer for ever.
      insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value)
      select p_workspace, v_id::text, '', w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = o.id::text and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id
        and w.expires_on = c.expires_on and w.channel not in ('__interrupt__', '__error__', '__resume__');
    end if;
    select coalesce(jsonb_object_agg(substr(e.key, 7), e.value::jsonb), '{}') into v_state from jsonb_each_text(v_values) e where e.key like 'state.%';
  end if;

  insert into agent_sessions (workspace_id, id, agent_type, status, state, workflow_id, workflow_version_id, version, input, trigger, step, forked_from,
    forked_step, reuses, priority, idempotency_key, deadline_at)
  values (p_workspace, v_id, coalesce(p_fork ->> 'agentType', o.agent_type), 'queued', v_state, o.workflow_id, coalesce((p_fork ->> 'versionId')::uuid, o.workflow_version_id),
    case when p_fork ? 'version' then (p_fork ->> 'version')::integer else o.version end, coalesce(p_fork -> 'input', o.input), p_fork -> 'trigger',
    case when v_fresh then 0 else v_step end, o.id, case when v_fresh then 0 else v_step end, (p_fork ->> 'reuses')::boolean, o.priority, p_fork ->> 'idempotencyKey',
    clock_timestamp() + (p_fork ->> 'timeoutMs')::double precision * interval '1 millisecond')
  on conflict (workspace_id, idempotency_key) do nothing
  returning * into n;
  if not found then
    -- The same request again: its copies are taken back, the run it made is the answer.
    delete from checkpoint_writes where workspace_id = p_workspace and thread_id = v_id::text;
    delete from checkpoint_blobs where workspace_id = p_workspace and thread_id = v_id::text;
    delete from checkpoints where workspace_id = p_workspace and thread_id = v_id::text;
    select * into n from agent_sessions s where s.workspace_id = p_workspace and s.idempotency_key = p_fork ->> 'idempotencyKey';
    return jsonb_build_object('runId', n.id, 'wakes', n.wakes, 'priority', n.priority);
  end if;
  if not v_fresh then
    with taken as (
      insert into agent_logs (workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output, error, started_at, duration_ms,
        model, input_tokens, output_tokens, cost_usd, timestamp, reused)
      select p_workspace, gen_random_uuid(), v_id, row_number() over (order by l.seq), l.step, l.kind, l.status, l.task_id, l.superstep, l.attempt, l.input, l.output, l.error,
        l.started_at, l.duration_ms, l.model, l.input_tokens, l.output_tokens, l.cost_usd, l.timestamp, true
      from agent_logs l
      where l.workspace_id = p_workspace and l.session_id = o.id and l.expires_on = o.logs_expire_on and l.status = 'succeeded'
        and (l.superstep < v_step or (p_fork ->> 'superstep' is null and l.superstep = v_step))
      returning input_tokens, output_tokens, cost_usd, coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0) + 200 as bytes)
    update agent_sessions s set log_seq = t.rows, log_bytes = t.bytes, usage = s.usage || jsonb_build_object('savedUsd', t.cost, 'savedTokens', t.tokens)
    from (select count(*) as rows, coalesce(sum(bytes), 0) as bytes, coalesce(sum(cost_usd), 0) as cost, coalesce(sum(input_tokens + output_tokens), 0) as tokens from taken) t
    where s.workspace_id = p_workspace and s.id = v_id;
  end if;
  return jsonb_build_object('runId', v_id, 'wakes', n.wakes, 'priority', n.priority);
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
