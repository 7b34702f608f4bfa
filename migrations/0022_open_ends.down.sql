-- The version before would take a run with parked tasks for one that has ended.
alter table agent_sessions no force row level security;
alter table checkpoints no force row level security;
do $$ begin
  if exists (select 1 from agent_sessions s join checkpoints k on k.workspace_id = s.workspace_id and k.thread_id = s.id::text
      where s.finished_at is null and k.checkpoint -> 'channel_versions' ? 'run.parked') then
    raise exception 'Runs under way have parked tasks, which the version before cannot read. Wait until they have ended, or cancel them.';
  end if;
end $$;
alter table agent_sessions force row level security;
alter table checkpoints force row level security;

-- The function of 0012.
create or replace function app.commit_superstep(p_workspace uuid, p_run uuid, p_epoch bigint, p_status text, p_supersteps integer, p_attempt integer, p_keep boolean,
  p_due_in_ms bigint, p_lease_ms integer, p_state jsonb, p_usage jsonb, p_checkpoints jsonb, p_logs jsonb, p_rest jsonb)
returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_now timestamptz := clock_timestamp();
  v_logs integer := jsonb_array_length(p_logs);
  v_log_bytes bigint := case when v_logs > 0 then pg_column_size(p_logs) else 0 end;
  v_rows integer := jsonb_array_length(p_checkpoints);
  v_bytes bigint := pg_column_size(p_checkpoints);
  v_held boolean := false;
  v_log_seq bigint;
  v_logs_on date;
  v_checkpoints_on date;
  v_ends boolean := p_status in ('succeeded', 'failed', 'timed_out', 'cancelled');
  v_due timestamptz;
  v_wakes jsonb := '[]';
  v_children jsonb := '[]';
begin
  perform app.enter_workspace(p_workspace);
  if p_rest is not null then
    v_rows := v_rows + coalesce(jsonb_array_length(p_rest -> 'blobs'), 0) + coalesce(jsonb_array_length(p_rest -> 'writes'), 0);
    v_bytes := v_bytes + coalesce(pg_column_size(p_rest -> 'blobs'), 0) + coalesce(pg_column_size(p_rest -> 'writes'), 0);
  end if;

  -- The run goes on in the same hands: no index is touched, and the update stays within its page.
  if p_keep and (p_rest is null or not p_rest ?| array['raised', 'response']) then
    update agent_sessions s set
      state = coalesce(p_state, s.state), step = s.step + p_supersteps, attempt = p_attempt, crashes = 0,
      lease_until = v_now + p_lease_ms * interval '1 millisecond', log_seq = s.log_seq + v_logs,
      usage = case when p_usage is null then s.usage else app.add_usage(s.usage, p_usage) end,
      log_bytes = s.log_bytes + v_log_bytes, checkpoint_bytes = s.checkpoint_bytes + v_bytes, checkpoint_rows = s.checkpoint_rows + v_rows
    where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running' and s.lease_by is not null and not s.pausing
    returning s.log_seq, s.logs_expire_on, s.checkpoints_expire_on into v_log_seq, v_logs_on, v_checkpoints_on;
    v_held := found;
  end if;
  if not v_held then
    if v_ends and p_rest ->> 'parentId' is not null then
      perform 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = (p_rest ->> 'parentId')::uuid for update;
    end if;
    update agent_sessions s set
      status = case when s.pausing and not v_ends then 'paused' else p_status end,
      waiting_on = case when not s.pausing then p_rest ->> 'waitingOn' end,
      pausing = false,
      state = coalesce(p_state, s.state),
      output = nullif(p_rest -> 'output', 'null'),
      error = nullif(p_rest -> 'error', 'null'),
      raised = coalesce(s.raised || (p_rest -> 'raised'), p_rest -> 'raised', s.raised),
      response = coalesce(s.response, p_rest -> 'response'),
      step = s.step + p_supersteps,
      attempt = p_attempt,
      crashes = 0,
      due_at = case
        when p_keep then s.due_at
        when p_status = 'waiting' then coalesce(v_now + p_due_in_ms * interval '1 millisecond', 'infinity')
        else v_now + coalesce(p_due_in_ms, 0) * interval '1 millisecond' end,
      lease_by = case when p_keep and not s.pausing then s.lease_by end,
      lease_try = case when p_keep and not s.pausing then s.lease_try end,
      lease_until = case when p_keep and not s.pausing then v_now + p_lease_ms * interval '1 millisecond' end,
      woken_at = v_now,
      wakes = s.wakes + 1,
      log_seq = s.log_seq + v_logs,
      log_bytes = s.log_bytes + v_log_bytes,
      checkpoint_bytes = s.checkpoint_bytes + v_bytes,
      checkpoint_rows = s.checkpoint_rows + v_rows,
      usage = case when p_usage is null then s.usage else app.add_usage(s.usage, p_usage) end,
      finished_at = case when v_ends then v_now end
    where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running' and s.lease_by is not null
    returning * into r;
    if not found then
      return jsonb_build_object('committed', false);
    end if;
    v_log_seq := r.log_seq;
    v_logs_on := r.logs_expire_on;
    v_checkpoints_on := r.checkpoints_expire_on;
  end if;

  if jsonb_array_length(p_checkpoints) > 0 then
    insert into checkpoints (workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata, small, expires_on)
    select p_workspace, p_run::text, c.row ->> 'checkpoint_ns', c.row ->> 'checkpoint_id', c.row ->> 'parent_checkpoint_id', c.row -> 'checkpoint', c.row -> 'metadata',
      c.row -> 'small', v_checkpoints_on
    from jsonb_array_elements(p_checkpoints) as c (row)
    on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id, expires_on) do update
      set checkpoint = excluded.checkpoint, metadata = excluded.metadata, small = excluded.small;
  end if;
  if v_logs > 0 then
    insert into agent_logs (workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output, error,
      started_at, duration_ms, model, input_tokens, output_tokens, cost_usd, reused, expires_on)
    select p_workspace, gen_random_uuid(), p_run, v_log_seq - v_logs + l.ord, l.row ->> 'step', l.row ->> 'kind', l.row ->> 'status',
      l.row ->> 'taskId', (l.row ->> 'superstep')::integer, (l.row ->> 'attempt')::integer, l.row -> 'input', l.row -> 'output', l.row -> 'error',
      to_timestamp((l.row ->> 'startedAt')::double precision / 1000), (l.row ->> 'durationMs')::integer, l.row ->> 'model',
      coalesce((l.row ->> 'inputTokens')::integer, 0), coalesce((l.row ->> 'outputTokens')::integer, 0), coalesce((l.row ->> 'costUsd')::double precision, 0),
      coalesce((l.row ->> 'reused')::boolean, false), v_logs_on
    from jsonb_array_elements(p_logs) with ordinality as l (row, ord);
  end if;
  if p_rest ? 'blobs' then
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value, base, expires_on)
    select p_workspace, p_run::text, b.checkpoint_ns, b.channel, b.version, b.type, b.value, b.base, v_checkpoints_on
    from jsonb_to_recordset(p_rest -> 'blobs') as b (checkpoint_ns text, channel text, version text, type text, value text, base text)
    on conflict do nothing;
  end if;
  if p_rest ? 'writes' then
    insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value, expires_on)
    select p_workspace, p_run::text, w.checkpoint_ns, w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value, v_checkpoints_on
    from jsonb_to_recordset(p_rest -> 'writes')
      as w (checkpoint_ns text, checkpoint_id text, task_id text, task_path text, idx integer, channel text, type text, value text)
    on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx, expires_on) do update
      set channel = excluded.channel, type = excluded.type, value = excluded.value
      where excluded.idx < 0; -- only LangGraph's own marks (errors, interrupts, resumes) are ever rewritten
  end if;
  if p_rest ? 'consumed' then
    update waits set status = 'consumed'
    where workspace_id = p_workspace and run_id = p_run and id in (select jsonb_array_elements_text(p_rest -> 'consumed'));
  end if;
  if v_held then
    return jsonb_build_object('committed', true, 'status', 'running', 'logSeq', v_log_seq);
  end if;

  if p_rest ? 'waits' then
    v_children := app.open_waits(r, p_rest -> 'waits', v_now);
  end if;
  if p_status = 'waiting' then
    -- The earliest time-out of what is still open is when the run is due. An answer that came in while this superstep ran makes
    -- it due at once; whoever answers locks the run row first, so one of the two sides always sees the other.
    select case when bool_or(w.status = 'resolved') then v_now else coalesce(min(w.due_at), 'infinity') end into v_due
    from waits w where w.workspace_id = p_workspace and w.run_id = p_run and w.status in ('open', 'resolved');
    v_due := least(v_due, r.deadline_at);
    update agent_sessions set due_at = v_due where workspace_id = p_workspace and id = p_run;
  end if;
  if v_ends then
    perform app.close_waits(p_workspace, p_run);
    delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run;
    perform app.cancel_children(p_workspace, p_run, null, 'The run that it belongs to has ended.');
    v_wakes := app.tell_parent(r);
  end if;
  if r.status not in ('running', 'retrying') and r.fragment is null then
    v_wakes := v_wakes || app.let_in(p_workspace, r.workflow_id);
  end if;

  return jsonb_build_object('committed', true, 'status', r.status, 'logSeq', r.log_seq, 'released', jsonb_build_object(
    'wakes', r.wakes, 'priority', r.priority, 'others', v_wakes || v_children,
    'dueInMs', case when r.status = 'paused' or coalesce(v_due, r.due_at) = 'infinity' then null
      else greatest(0, extract(epoch from coalesce(v_due, r.due_at) - v_now) * 1000)::bigint end));
end $$;

alter function app.commit_superstep(uuid, uuid, bigint, text, integer, integer, boolean, bigint, integer, jsonb, jsonb, jsonb, jsonb, jsonb) set plan_cache_mode = force_generic_plan;

drop function app.look_at_run(uuid, uuid, bigint, jsonb);
drop function app.claim_run(uuid, uuid, text, integer, integer, boolean);
drop function app.has_parked(uuid, uuid);
create or replace function app.claim_run(p_workspace uuid, p_run uuid, p_message text, p_retried integer, p_lease_ms integer)
returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_now timestamptz := clock_timestamp();
  -- A timer that fires a moment early must not cost a round through the queue.
  v_due timestamptz := clock_timestamp() + interval '50 milliseconds';
begin
  perform app.enter_workspace(p_workspace);
  if app.is_crowded(p_workspace, p_run) then
    update agent_sessions s set held = true, due_at = v_now + interval '30 seconds', woken_at = v_now
    where s.workspace_id = p_workspace and s.id = p_run and s.status in ('queued', 'waiting') and s.lease_by is null and s.due_at <= v_due;
    return jsonb_build_object('claimed', false, 'status', 'held', 'leased', false, 'dueInMs', 0);
  end if;
  update agent_sessions s set
    status = 'running', waiting_on = null, held = false, epoch = s.epoch + 1,
    crashes = s.crashes + case when s.lease_by is null then 0 else 1 end,
    lease_by = p_message, lease_try = p_retried, lease_until = v_now + p_lease_ms * interval '1 millisecond',
    started_at = coalesce(s.started_at, v_now)
  where s.workspace_id = p_workspace and s.id = p_run and not s.pausing and (
    (s.status in ('queued', 'retrying', 'running', 'waiting') and s.lease_by is null and s.due_at <= v_due)
    or (s.status = 'running' and s.lease_by is not null
      and (s.lease_until < v_now or (s.lease_by = p_message and s.lease_try < p_retried))))
  returning * into r;

  if not found then
    -- Whoever was at work when a pause was asked for is dead: the pause needs no commit.
    update agent_sessions s set status = 'paused', pausing = false, epoch = s.epoch + 1, lease_by = null, lease_try = null, lease_until = null
    where s.workspace_id = p_workspace and s.id = p_run and s.pausing and s.status = 'running'
      and (s.lease_until < v_now or (s.lease_by = p_message and s.lease_try < p_retried));
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
    'checkpoint', app.newest_checkpoint(p_workspace, p_run::text, r.checkpoints_expire_on),
    'journal', (select jsonb_object_agg(j.key, j.result) from journal j
      where j.workspace_id = p_workspace and j.run_id = p_run and j.superstep >= r.step and j.expires_on = r.checkpoints_expire_on),
    'answers', (select jsonb_object_agg(w.id, w.value) from waits w
      where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'resolved'),
    'openWaits', (select count(*) from waits w where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'open'),
    'raised', r.raised, 'hasMonthlyLimits', exists (select 1 from workspaces w where w.id = p_workspace and w.limits ? 'monthly')
      or exists (select 1 from workflows w where w.workspace_id = p_workspace and w.id = r.workflow_id and w.limits ? 'monthly'),
    'usage', r.usage, 'depth', r.depth, 'fragment', r.fragment, 'item', r.item, 'childIndex', r.child_index,
    'parentId', r.parent_id, 'forkedFrom', case when r.reuses then r.forked_from end,
    'timeLeftMs', case when r.deadline_at is not null then (extract(epoch from r.deadline_at - v_now) * 1000)::bigint end,
    'outer', case when r.fragment is not null then app.outer_scope(p_workspace, r.parent_id) end);
end $$;
alter function app.claim_run(uuid, uuid, text, integer, integer) set plan_cache_mode = force_generic_plan;

create or replace function app.resume_run(p_workspace uuid, p_run uuid) returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  c record;
  v_wakes jsonb := '[]';
  v_kind text;
  v_due timestamptz;
  v_resolved boolean;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run for update;
  if not found then
    return null;
  end if;
  if r.pausing then
    update agent_sessions s set pausing = false where s.workspace_id = p_workspace and s.id = p_run;
  elsif r.status = 'paused' then
    select bool_or(w.status = 'resolved'), min(w.due_at) filter (where w.status = 'open'),
      (array_agg(w.kind order by array_position(array['approval', 'event', 'child', 'timer'], w.kind)) filter (where w.status = 'open'))[1]
    into v_resolved, v_due, v_kind
    from waits w where w.workspace_id = p_workspace and w.run_id = p_run and w.status in ('open', 'resolved');
    -- A superstep that is to be tried again is tried at once, also when other branches of it wait.
    if v_kind is not null and not coalesce(v_resolved, false) and r.attempt = 0 then
      update agent_sessions s set status = 'waiting', waiting_on = v_kind, due_at = least(coalesce(v_due, 'infinity'), s.deadline_at),
        woken_at = clock_timestamp(), wakes = s.wakes + 1
      where s.workspace_id = p_workspace and s.id = p_run returning * into r;
    else
      update agent_sessions s set status = case when s.step = 0 and s.attempt = 0 then 'queued' else 'retrying' end,
        -- A child beyond the bound of its siblings goes on waiting for its place.
        due_at = case when s.due_at = 'infinity' and s.started_at is null then s.due_at else clock_timestamp() end,
        woken_at = clock_timestamp(), wakes = s.wakes + 1
      where s.workspace_id = p_workspace and s.id = p_run returning * into r;
    end if;
    if r.due_at <> 'infinity' then
      v_wakes := jsonb_build_array(jsonb_build_object('runId', r.id, 'wakes', r.wakes, 'priority', r.priority, 'delayMs', greatest(0, extract(epoch from r.due_at - clock_timestamp()) * 1000)::bigint));
    end if;
    r.status := 'paused';
  else
    return jsonb_build_object('status', r.status, 'others', v_wakes);
  end if;
  for c in select s.id from agent_sessions s where s.workspace_id = p_workspace and s.parent_id = p_run and s.finished_at is null order by s.child_index loop
    v_wakes := v_wakes || coalesce(app.resume_run(p_workspace, c.id) -> 'others', '[]');
  end loop;
  return jsonb_build_object('status', 'paused', 'others', v_wakes);
end $$;

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

drop function app.outer_scope(uuid, uuid, text);
alter table waits drop column seen;
