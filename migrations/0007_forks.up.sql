-- Runs made from runs: what was done before is taken over and not paid for again.
alter table agent_logs
  -- Taken over from another run: its tokens and cost are what was saved.
  add column reused boolean not null default false;

-- Makes a run that goes on from where another one stood. p_fork: {id, origin, superstep | null, state: {channel: text}, versionId?, version?, agentType?,
-- input?, trigger, reuses}. Without a superstep it goes on from the newest checkpoint, and branches that were done stay done. `fresh` begins anew.
-- Returns the wake-up that is owed; a word that says why there is none.
create function app.fork_run(p_workspace uuid, p_fork jsonb) returns jsonb language plpgsql as $$
declare
  o agent_sessions;
  c checkpoints;
  n agent_sessions;
  v_id uuid := (p_fork ->> 'id')::uuid;
  v_fresh boolean := (p_fork ->> 'fresh')::boolean;
  v_step integer := coalesce((p_fork ->> 'superstep')::integer, 0);
  v_state jsonb := '{}';
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
    insert into checkpoints (workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
    values (p_workspace, v_id::text, '', c.checkpoint_id, null, c.checkpoint, c.metadata || '{"source": "fork"}');
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
    select p_workspace, v_id::text, '', b.channel, b.version, case when p_fork -> 'state' ? b.channel then 'json' else b.type end,
      coalesce(p_fork -> 'state' ->> b.channel, app.blob_text(b))
    from jsonb_each_text(c.checkpoint -> 'channel_versions') v
    join checkpoint_blobs b on b.workspace_id = p_workspace and b.thread_id = o.id::text and b.checkpoint_ns = '' and b.channel = v.key and b.version = v.value
      and b.expires_on = c.expires_on;
    -- Keys that nothing had been saved to get a version of their own.
    update checkpoints k set checkpoint = jsonb_set(k.checkpoint, '{channel_versions}', (k.checkpoint -> 'channel_versions') || (
      select coalesce(jsonb_object_agg(e.key, '000000000001.fork'), '{}') from jsonb_each_text(p_fork -> 'state') e where not c.checkpoint -> 'channel_versions' ? e.key))
    where k.workspace_id = p_workspace and k.thread_id = v_id::text;
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
    select p_workspace, v_id::text, '', e.key, '000000000001.fork', 'json', e.value
    from jsonb_each_text(p_fork -> 'state') e where not c.checkpoint -> 'channel_versions' ? e.key;
    if p_fork ->> 'superstep' is null then
      -- What a branch asked or got wrong is asked and tried again.
      insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value)
      select p_workspace, v_id::text, '', w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = o.id::text and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id
        and w.expires_on = c.expires_on and w.channel not in ('__interrupt__', '__error__');
    end if;
    select coalesce(jsonb_object_agg(substr(b.channel, 7), b.value::jsonb), '{}') into v_state
    from checkpoint_blobs b where b.workspace_id = p_workspace and b.thread_id = v_id::text and b.channel like 'state.%' and b.value is not null;
  end if;

  insert into agent_sessions (workspace_id, id, agent_type, status, state, workflow_id, workflow_version_id, version, input, trigger, step, forked_from,
    forked_step, reuses, priority, idempotency_key)
  values (p_workspace, v_id, coalesce(p_fork ->> 'agentType', o.agent_type), 'queued', v_state, o.workflow_id, coalesce((p_fork ->> 'versionId')::uuid, o.workflow_version_id),
    case when p_fork ? 'version' then (p_fork ->> 'version')::integer else o.version end, coalesce(p_fork -> 'input', o.input), p_fork -> 'trigger',
    case when v_fresh then 0 else v_step end, o.id, case when v_fresh then 0 else v_step end, (p_fork ->> 'reuses')::boolean, o.priority, p_fork ->> 'idempotencyKey')
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

-- A result that the run it was forked from has paid for, if the same was asked there.
create function app.reusable_result(p_workspace uuid, p_origin uuid, p_node text, p_hash text) returns jsonb language plpgsql as $$
begin
  perform app.enter_workspace(p_workspace);
  return (
    select jsonb_build_object('result', j.result) from journal j
    where j.workspace_id = p_workspace and j.run_id = p_origin and j.hash = p_hash and j.node = p_node
      and j.expires_on = (select s.checkpoints_expire_on from agent_sessions s where s.workspace_id = p_workspace and s.id = p_origin) limit 1);
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
