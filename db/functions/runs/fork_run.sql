-- Makes a run that continues from where another one stood. p_fork: {id, origin, superstep | null, state:
-- {channel: text}, fresh, versionId?, version?, agentType?, input?, trigger, reuses, timeoutMs?,
-- idempotencyKey?, isTry?}. Without a superstep it continues from the newest checkpoint, and branches that
-- were done stay done; `fresh` begins anew. Nothing continues from a state that is incomplete.
--
-- Values are measured in bytes, because a text of 40 characters may have 80 of JavaScript's, which would not
-- look for it in the row.
--
-- Returns {runId, wakes, priority}, the wake-up that is owed, or {refused} with the reason.
create or replace function app.fork_run(p_workspace uuid, p_fork jsonb)
returns jsonb
language plpgsql
as $$
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
  select * into o
  from agent_sessions s
  where s.workspace_id = p_workspace and s.id = (p_fork ->> 'origin')::uuid and s.workflow_id is not null;
  if not found then
    return jsonb_build_object('refused', 'not-found');
  end if;
  if o.parent_id is not null then
    return jsonb_build_object('refused', 'child', 'parentId', o.parent_id);
  end if;
  if not v_fresh then
    select k.* into c
    from checkpoints k
    where k.workspace_id = p_workspace
      and k.thread_id = o.id::text
      and k.checkpoint_ns = ''
      and k.expires_on = o.checkpoints_expire_on
      and (p_fork ->> 'superstep' is null or (k.metadata ->> 'step')::integer = v_step)
    order by k.checkpoint_id desc
    limit 1;
    -- A run that failed before its first checkpoint begins anew. One whose checkpoints are not kept any more
    -- does not.
    v_fresh := not found;
    if v_fresh and (p_fork ->> 'superstep' is not null or o.step > 0 or o.checkpoint_rows > 0) then
      return jsonb_build_object('refused', 'no-checkpoint');
    end if;
  end if;
  if not v_fresh then
    v_step := case when p_fork ->> 'superstep' is null then o.step else v_step end;
    if exists (select from app.values_of(c) v where v.type = 'lost') then
      return jsonb_build_object('refused', 'incomplete');
    end if;
    -- Whole values, which nothing before has to be read for, and those that the fork changes. Keys that
    -- nothing had been saved to get a version.
    select coalesce(jsonb_object_agg(v.channel, v.value), '{}')
    into v_values
    from app.values_of(c) v
    where v.type = 'json';
    v_values := v_values || (p_fork -> 'state');
    c.checkpoint := jsonb_set(
      c.checkpoint, '{channel_versions}',
      (
        select coalesce(jsonb_object_agg(e.key, '000000000001.fork'), '{}')
        from jsonb_each(p_fork -> 'state') e
      )
        || (c.checkpoint -> 'channel_versions')
    );
    insert into checkpoints (
      workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata, small
    )
    select p_workspace, v_id::text, '', c.checkpoint_id, null, c.checkpoint,
      c.metadata || '{"source": "fork"}',
      (
        select jsonb_object_agg(e.key, case when octet_length(e.value) <= 64 then to_jsonb(e.value) end)
        from jsonb_each_text(v_values) e
      );
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
    select p_workspace, v_id::text, '', e.key, c.checkpoint -> 'channel_versions' ->> e.key, 'json', e.value
    from jsonb_each_text(v_values) e
    where octet_length(e.value) > 64;
    if p_fork ->> 'superstep' is null then
      -- What a branch asked or got wrong is asked and tried again: an answer that it has failed with must not
      -- be its answer for ever.
      insert into checkpoint_writes (
        workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value
      )
      select p_workspace, v_id::text, '', w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type,
        w.value
      from checkpoint_writes w
      where w.workspace_id = p_workspace
        and w.thread_id = o.id::text
        and w.checkpoint_ns = ''
        and w.checkpoint_id = c.checkpoint_id
        and w.expires_on = c.expires_on
        and w.channel not in ('__interrupt__', '__error__', '__resume__');
    end if;
    select coalesce(jsonb_object_agg(substr(e.key, 7), app.json_of(e.value)), '{}')
    into v_state
    from jsonb_each_text(v_values) e
    where e.key like 'state.%';
  end if;

  insert into agent_sessions (
    workspace_id, id, agent_type, status, state, workflow_id, workflow_version_id, version, input, trigger,
    step, forked_from, forked_step, reuses, priority, idempotency_key, checkpoint_rows, deadline_at,
    is_try
  )
  values (
    p_workspace, v_id, coalesce(p_fork ->> 'agentType', o.agent_type), 'queued', v_state, o.workflow_id,
    coalesce((p_fork ->> 'versionId')::uuid, o.workflow_version_id),
    case when p_fork ? 'version' then (p_fork ->> 'version')::integer else o.version end,
    coalesce(p_fork -> 'input', o.input), p_fork -> 'trigger', case when v_fresh then 0 else v_step end, o.id,
    case when v_fresh then 0 else v_step end, (p_fork ->> 'reuses')::boolean, o.priority,
    p_fork ->> 'idempotencyKey', case when v_fresh then 0 else 1 end,
    clock_timestamp() + (p_fork ->> 'timeoutMs')::double precision * interval '1 millisecond',
    -- What is made from a try is one, unless a published version is started anew.
    coalesce((p_fork ->> 'isTry')::boolean, o.is_try)
  )
  on conflict (workspace_id, idempotency_key) do nothing
  returning * into n;
  if not found then
    -- The same request again: its copies are taken back, the run it made is the answer.
    delete from checkpoint_writes where workspace_id = p_workspace and thread_id = v_id::text;
    delete from checkpoint_blobs where workspace_id = p_workspace and thread_id = v_id::text;
    delete from checkpoints where workspace_id = p_workspace and thread_id = v_id::text;
    select * into n
    from agent_sessions s
    where s.workspace_id = p_workspace and s.idempotency_key = p_fork ->> 'idempotencyKey';
    return jsonb_build_object('runId', n.id, 'wakes', n.wakes, 'priority', n.priority);
  end if;
  if not v_fresh then
    with taken as (
      insert into agent_logs (
        workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output,
        error, started_at, duration_ms, model, input_tokens, output_tokens, cost_usd, timestamp, reused
      )
      select p_workspace, gen_random_uuid(), v_id, row_number() over (order by l.seq), l.step, l.kind,
        l.status, l.task_id, l.superstep, l.attempt, l.input, l.output, l.error, l.started_at, l.duration_ms,
        l.model, l.input_tokens, l.output_tokens, l.cost_usd, l.timestamp, true
      from agent_logs l
      where l.workspace_id = p_workspace
        and l.session_id = o.id
        and l.expires_on = o.logs_expire_on
        and l.status = 'succeeded'
        and (l.superstep < v_step or (p_fork ->> 'superstep' is null and l.superstep = v_step))
      returning input_tokens, output_tokens, cost_usd,
        coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0) + 200 as bytes
    )
    update agent_sessions s set
      log_seq = t.rows,
      log_bytes = t.bytes,
      usage = s.usage || jsonb_build_object('savedUsd', t.cost, 'savedTokens', t.tokens)
    from (
      select count(*) as rows, coalesce(sum(bytes), 0) as bytes, coalesce(sum(cost_usd::numeric), 0) as cost,
        coalesce(sum(input_tokens + output_tokens), 0) as tokens
      from taken
    ) t
    where s.workspace_id = p_workspace and s.id = v_id;
  end if;
  return jsonb_build_object('runId', v_id, 'wakes', n.wakes, 'priority', n.priority);
end;
$$;
