-- The protocol as it was before (0004).
drop function app.newest_checkpoint(uuid, text, date);
drop function app.holds_run(uuid, uuid, bigint);
drop function app.journal_result(uuid, uuid, jsonb);
drop function app.missed_events(integer);
drop function app.deliver_event(uuid, text);
drop function app.resume_run(uuid, uuid);
drop function app.pause_run(uuid, uuid);
drop function app.cancel_run(uuid, uuid, text);
drop function app.end_run(uuid, uuid, text);
drop function app.cancel_children(uuid, uuid, text, text);
drop function app.make_due(uuid, uuid);
drop function app.tell_parent(agent_sessions);
drop function app.open_waits(agent_sessions, jsonb, timestamptz);
drop function app.outer_scope(uuid, uuid);
drop function app.let_in(uuid, uuid);
drop function app.is_crowded(uuid, uuid);
drop function app.sweep_runs(integer, integer);

create function app.newest_checkpoint(p_workspace uuid, p_thread text) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'thread_id', c.thread_id, 'checkpoint_ns', c.checkpoint_ns, 'checkpoint_id', c.checkpoint_id, 'parent_checkpoint_id', c.parent_checkpoint_id, 'checkpoint', c.checkpoint, 'metadata', c.metadata,
    'blobs', (
      select jsonb_agg(jsonb_build_object('channel', b.channel, 'type', b.type, 'value', b.value))
      from jsonb_each_text(c.checkpoint -> 'channel_versions') v
      join checkpoint_blobs b on b.workspace_id = c.workspace_id and b.thread_id = c.thread_id
        and b.checkpoint_ns = c.checkpoint_ns and b.channel = v.key and b.version = v.value
      where b.type <> 'empty'),
    'writes', (
      select jsonb_agg(jsonb_build_object('task_path', w.task_path, 'task_id', w.task_id, 'idx', w.idx, 'channel', w.channel, 'type', w.type,
        'value', w.value))
      from checkpoint_writes w
      where w.workspace_id = c.workspace_id and w.thread_id = c.thread_id and w.checkpoint_ns = c.checkpoint_ns
        and w.checkpoint_id = c.checkpoint_id))
  from checkpoints c
  where c.workspace_id = p_workspace and c.thread_id = p_thread and c.checkpoint_ns = ''
  order by c.checkpoint_id desc limit 1
$$;

create or replace function app.claim_run(p_workspace uuid, p_run uuid, p_message text, p_retried integer, p_lease_ms integer)
returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_now timestamptz := clock_timestamp();
  -- A timer that fires a moment early must not cost a round through the queue.
  v_due timestamptz := clock_timestamp() + interval '50 milliseconds';
begin
  perform app.enter_workspace(p_workspace);
  update agent_sessions s set
    status = 'running', waiting_on = null, epoch = s.epoch + 1,
    crashes = s.crashes + case when s.lease_by is null then 0 else 1 end,
    lease_by = p_message, lease_try = p_retried, lease_until = v_now + p_lease_ms * interval '1 millisecond',
    started_at = coalesce(s.started_at, v_now)
  where s.workspace_id = p_workspace and s.id = p_run and (
    (s.status in ('queued', 'retrying', 'running', 'waiting') and s.lease_by is null and s.due_at <= v_due)
    or (s.status = 'running' and s.lease_by is not null
      and (s.lease_until < v_now or (s.lease_by = p_message and s.lease_try < p_retried))))
  returning * into r;

  if not found then
    return (
      select jsonb_build_object('claimed', false, 'status', s.status, 'leased', s.lease_by is not null,
        'dueInMs', case when isfinite(s.due_at) then greatest(0, extract(epoch from s.due_at - v_now) * 1000)::bigint else 0 end)
      from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run);
  end if;

  -- Timers and approval time-outs that are due become answers.
  update waits w set status = 'resolved', value = w.due_value
  where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'open' and w.due_at <= v_due;
  if found then
    update approvals a set status = 'expired', decided_at = v_now, action = w.value ->> 'action'
    from waits w
    where a.workspace_id = p_workspace and a.run_id = p_run and a.status = 'open'
      and w.workspace_id = p_workspace and w.run_id = p_run and w.id = a.wait_id and w.status = 'resolved';
  end if;

  return jsonb_build_object(
    'claimed', true, 'epoch', r.epoch, 'agentType', r.agent_type, 'step', r.step, 'attempt', r.attempt, 'crashes', r.crashes,
    'input', r.input, 'state', r.state, 'trigger', r.trigger, 'versionId', r.workflow_version_id, 'workflowId', r.workflow_id, 'version', r.version,
    'createdAt', (extract(epoch from r.created_at) * 1000)::bigint,
    'definition', (select v.definition from workflow_versions v where v.workspace_id = p_workspace and v.id = r.workflow_version_id),
    'limits', (select w.limits from workspaces w where w.id = p_workspace),
    'checkpoint', app.newest_checkpoint(p_workspace, p_run::text),
    'journal', (select jsonb_object_agg(j.key, j.result) from journal j
      where j.workspace_id = p_workspace and j.run_id = p_run and j.superstep >= r.step),
    'answers', (select jsonb_object_agg(w.id, w.value) from waits w
      where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'resolved'),
    'openWaits', (select count(*) from waits w where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'open'));
end $$;

create or replace function app.commit_superstep(p_workspace uuid, p_run uuid, p_epoch bigint, p_change jsonb)
returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_now timestamptz := clock_timestamp();
  v_logs integer := jsonb_array_length(p_change -> 'logs');
  v_keep boolean := (p_change ->> 'keepLease')::boolean;
  v_status text := p_change ->> 'status';
  v_due timestamptz;
begin
  perform app.enter_workspace(p_workspace);
  update agent_sessions s set
    status = v_status,
    waiting_on = p_change ->> 'waitingOn',
    state = coalesce(p_change -> 'state', s.state),
    output = nullif(p_change -> 'output', 'null'),
    error = nullif(p_change -> 'error', 'null'),
    step = s.step + (p_change ->> 'supersteps')::integer,
    attempt = (p_change ->> 'attempt')::integer,
    crashes = 0,
    due_at = case
      -- Unchanged while it is held: no index is touched, and the update stays within its page.
      when v_keep then s.due_at
      when v_status = 'waiting' then coalesce(v_now + (p_change ->> 'dueInMs')::bigint * interval '1 millisecond', 'infinity')
      else v_now + coalesce((p_change ->> 'dueInMs')::bigint, 0) * interval '1 millisecond' end,
    lease_by = case when v_keep then s.lease_by end,
    lease_try = case when v_keep then s.lease_try end,
    lease_until = case when v_keep then v_now + (p_change ->> 'leaseMs')::integer * interval '1 millisecond' end,
    woken_at = v_now,
    wakes = s.wakes + 1,
    log_seq = s.log_seq + v_logs,
    usage = jsonb_build_object(
      'inputTokens', (s.usage ->> 'inputTokens')::bigint + (p_change -> 'usage' ->> 'inputTokens')::bigint,
      'outputTokens', (s.usage ->> 'outputTokens')::bigint + (p_change -> 'usage' ->> 'outputTokens')::bigint,
      'costUsd', (s.usage ->> 'costUsd')::double precision + (p_change -> 'usage' ->> 'costUsd')::double precision),
    finished_at = case when v_status in ('succeeded', 'failed', 'timed_out', 'cancelled') then v_now end
  where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running'
  returning * into r;
  if not found then
    return jsonb_build_object('committed', false);
  end if;

  insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
  select p_workspace, p_run::text, b.checkpoint_ns, b.channel, b.version, b.type, b.value
  from jsonb_to_recordset(p_change -> 'blobs') as b (checkpoint_ns text, channel text, version text, type text, value text)
  on conflict do nothing;
  insert into checkpoints (workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
  select p_workspace, p_run::text, c.checkpoint_ns, c.checkpoint_id, c.parent_checkpoint_id, c.checkpoint, c.metadata
  from jsonb_to_recordset(p_change -> 'checkpoints')
    as c (checkpoint_ns text, checkpoint_id text, parent_checkpoint_id text, checkpoint jsonb, metadata jsonb)
  on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id) do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata;
  if jsonb_array_length(p_change -> 'writes') > 0 then
    insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value)
    select p_workspace, p_run::text, w.checkpoint_ns, w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value
    from jsonb_to_recordset(p_change -> 'writes')
      as w (checkpoint_ns text, checkpoint_id text, task_id text, task_path text, idx integer, channel text, type text, value text)
    on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx) do update
      set channel = excluded.channel, type = excluded.type, value = excluded.value
      where excluded.idx < 0; -- only LangGraph's own marks (errors, interrupts, resumes) are ever rewritten
  end if;

  insert into agent_logs (workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output, error,
    started_at, duration_ms, model, input_tokens, output_tokens, cost_usd)
  select p_workspace, gen_random_uuid(), p_run, r.log_seq - v_logs + l.ord, l.row ->> 'step', l.row ->> 'kind', l.row ->> 'status',
    l.row ->> 'taskId', (l.row ->> 'superstep')::integer, (l.row ->> 'attempt')::integer, l.row -> 'input', l.row -> 'output', l.row -> 'error',
    to_timestamp((l.row ->> 'startedAt')::double precision / 1000), (l.row ->> 'durationMs')::integer, l.row ->> 'model',
    coalesce((l.row ->> 'inputTokens')::integer, 0), coalesce((l.row ->> 'outputTokens')::integer, 0), coalesce((l.row ->> 'costUsd')::double precision, 0)
  from jsonb_array_elements(p_change -> 'logs') with ordinality as l (row, ord);

  if jsonb_array_length(p_change -> 'consumed') > 0 then
    update waits set status = 'consumed'
    where workspace_id = p_workspace and run_id = p_run and id in (select jsonb_array_elements_text(p_change -> 'consumed'));
  end if;
  if jsonb_array_length(p_change -> 'waits') > 0 then
    insert into waits (workspace_id, run_id, id, kind, step, due_at, due_value)
    select p_workspace, p_run, w.id, w.kind, w.step, v_now + w."dueInMs" * interval '1 millisecond', w."dueValue"
    from jsonb_to_recordset(p_change -> 'waits') as w (id text, kind text, step text, "dueInMs" bigint, "dueValue" jsonb)
    on conflict do nothing;
    insert into approvals (workspace_id, id, run_id, wait_id, step, title, description, shown, actions, form, due_at)
    select p_workspace, gen_random_uuid(), p_run, w.id, w.step, w.approval ->> 'title', w.approval ->> 'description', w.approval -> 'shown',
      array(select jsonb_array_elements_text(w.approval -> 'actions')), w.approval -> 'form', v_now + w."dueInMs" * interval '1 millisecond'
    from jsonb_to_recordset(p_change -> 'waits') as w (id text, step text, "dueInMs" bigint, approval jsonb)
    where w.approval is not null
    on conflict do nothing;
  end if;

  if v_status = 'waiting' then
    -- The earliest time-out of what is still open is when the run is due. An answer that came in while this superstep ran makes
    -- it due at once; whoever answers locks the run row first, so one of the two sides always sees the other.
    select case when bool_or(w.status = 'resolved') then v_now else coalesce(min(w.due_at), 'infinity') end into v_due
    from waits w where w.workspace_id = p_workspace and w.run_id = p_run and w.status in ('open', 'resolved');
    update agent_sessions set due_at = v_due where workspace_id = p_workspace and id = p_run;
  end if;
  if r.finished_at is not null then
    perform app.close_waits(p_workspace, p_run);
  end if;

  return jsonb_build_object('committed', true, 'wakes', r.wakes, 'logSeq', r.log_seq,
    'dueInMs', case when coalesce(v_due, r.due_at) = 'infinity' then null
      else greatest(0, extract(epoch from coalesce(v_due, r.due_at) - v_now) * 1000)::bigint end);
end $$;

create function app.sweep_runs(p_grace_ms integer, p_limit integer)
returns table (workspace_id uuid, id uuid, wakes integer) language plpgsql as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  with owed as (
    select s.workspace_id, s.id from agent_sessions s
    where s.status in ('queued', 'running', 'retrying', 'waiting') and (
      (s.lease_by is null and s.due_at <= clock_timestamp() and s.woken_at < clock_timestamp() - p_grace_ms * interval '1 millisecond')
      or (s.lease_by is not null and s.lease_until < clock_timestamp()))
    order by s.due_at limit p_limit for update skip locked)
  update agent_sessions s set woken_at = clock_timestamp(), wakes = s.wakes + 1
  from owed where s.workspace_id = owed.workspace_id and s.id = owed.id
  returning s.workspace_id, s.id, s.wakes;
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
