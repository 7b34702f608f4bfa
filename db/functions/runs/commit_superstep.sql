-- Writes one superstep's whole effect, or nothing when a newer epoch (or a cancel) has taken the run away, or
-- its holder has let it go. p_rest is what only some supersteps have: {waitingOn, output, error, raised,
-- response, parentId, blobs, writes, consumed, waits}.
--
-- A superstep after which the run continues in the same hands may open waits. A run whose branches all wait
-- is due with the earliest of its waits; so is one that waits for nothing but next tries (p_status 'retrying'
-- and p_due_in_ms null).
--
-- Returns {committed, status, logSeq, released: {wakes, priority, others, dueInMs}?}; `released` is what the
-- queue has to be told.
create or replace function app.commit_superstep(
  p_workspace uuid,
  p_run uuid,
  p_epoch bigint,
  p_status text,
  p_supersteps integer,
  p_attempt integer,
  p_keep boolean,
  p_due_in_ms bigint,
  p_lease_ms integer,
  p_state jsonb,
  p_usage jsonb,
  p_checkpoints jsonb,
  p_logs jsonb,
  p_rest jsonb
)
returns jsonb
language plpgsql
set plan_cache_mode = 'force_generic_plan'
as $$
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
    v_rows := v_rows
      + coalesce(jsonb_array_length(p_rest -> 'blobs'), 0)
      + coalesce(jsonb_array_length(p_rest -> 'writes'), 0);
    v_bytes := v_bytes
      + coalesce(pg_column_size(p_rest -> 'blobs'), 0)
      + coalesce(pg_column_size(p_rest -> 'writes'), 0);
  end if;

  -- The run continues in the same hands: no index is touched, and the update stays within its page.
  if p_keep and (p_rest is null or not p_rest ?| array['raised', 'response', 'waits']) then
    update agent_sessions s set
      state = coalesce(p_state, s.state),
      step = s.step + p_supersteps,
      attempt = p_attempt,
      crashes = 0,
      lease_until = v_now + p_lease_ms * interval '1 millisecond',
      log_seq = s.log_seq + v_logs,
      usage = case when p_usage is null then s.usage else app.add_usage(s.usage, p_usage) end,
      log_bytes = s.log_bytes + v_log_bytes,
      checkpoint_bytes = s.checkpoint_bytes + v_bytes,
      checkpoint_rows = s.checkpoint_rows + v_rows
    where s.workspace_id = p_workspace
      and s.id = p_run
      and s.epoch = p_epoch
      and s.status = 'running'
      and s.lease_by is not null
      and not s.pausing
    returning s.log_seq, s.logs_expire_on, s.checkpoints_expire_on
    into v_log_seq, v_logs_on, v_checkpoints_on;
    v_held := found;
  end if;
  if not v_held then
    if v_ends and p_rest ->> 'parentId' is not null then
      perform 1
      from agent_sessions s
      where s.workspace_id = p_workspace and s.id = (p_rest ->> 'parentId')::uuid
      for no key update;
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
        when p_status = 'waiting' or (p_status = 'retrying' and p_due_in_ms is null)
          then coalesce(v_now + p_due_in_ms * interval '1 millisecond', 'infinity')
        else v_now + coalesce(p_due_in_ms, 0) * interval '1 millisecond'
      end,
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
    where s.workspace_id = p_workspace
      and s.id = p_run
      and s.epoch = p_epoch
      and s.status = 'running'
      and s.lease_by is not null
    returning * into r;
    if not found then
      return jsonb_build_object('committed', false);
    end if;
    v_log_seq := r.log_seq;
    v_logs_on := r.logs_expire_on;
    v_checkpoints_on := r.checkpoints_expire_on;
  end if;

  if jsonb_array_length(p_checkpoints) > 0 then
    insert into checkpoints (
      workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata,
      small, expires_on
    )
    select p_workspace, p_run::text, c.row ->> 'checkpoint_ns', c.row ->> 'checkpoint_id',
      c.row ->> 'parent_checkpoint_id', c.row -> 'checkpoint', c.row -> 'metadata', c.row -> 'small',
      v_checkpoints_on
    from jsonb_array_elements(p_checkpoints) as c (row)
    on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id, expires_on) do update set
      checkpoint = excluded.checkpoint,
      metadata = excluded.metadata,
      small = excluded.small;
  end if;
  if v_logs > 0 then
    insert into agent_logs (
      workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output,
      error, started_at, duration_ms, model, input_tokens, output_tokens, cost_usd, reused, expires_on
    )
    select p_workspace, gen_random_uuid(), p_run, v_log_seq - v_logs + l.ord, l.row ->> 'step',
      l.row ->> 'kind', l.row ->> 'status', l.row ->> 'taskId', (l.row ->> 'superstep')::integer,
      (l.row ->> 'attempt')::integer, l.row -> 'input', l.row -> 'output', l.row -> 'error',
      to_timestamp((l.row ->> 'startedAt')::double precision / 1000), (l.row ->> 'durationMs')::integer,
      l.row ->> 'model', coalesce((l.row ->> 'inputTokens')::integer, 0),
      coalesce((l.row ->> 'outputTokens')::integer, 0), coalesce((l.row ->> 'costUsd')::double precision, 0),
      coalesce((l.row ->> 'reused')::boolean, false), v_logs_on
    from jsonb_array_elements(p_logs) with ordinality as l (row, ord);
  end if;
  if p_rest ? 'blobs' then
    insert into checkpoint_blobs (
      workspace_id, thread_id, checkpoint_ns, channel, version, type, value, base, expires_on
    )
    select p_workspace, p_run::text, b.checkpoint_ns, b.channel, b.version, b.type, b.value, b.base,
      v_checkpoints_on
    from jsonb_to_recordset(p_rest -> 'blobs') as b (
      checkpoint_ns text, channel text, version text, type text, value text, base text
    )
    on conflict do nothing;
  end if;
  if p_rest ? 'writes' then
    insert into checkpoint_writes (
      workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value,
      expires_on
    )
    select p_workspace, p_run::text, w.checkpoint_ns, w.checkpoint_id, w.task_id, w.task_path, w.idx,
      w.channel, w.type, w.value, v_checkpoints_on
    from jsonb_to_recordset(p_rest -> 'writes') as w (
      checkpoint_ns text, checkpoint_id text, task_id text, task_path text, idx integer, channel text,
      type text, value text
    )
    on conflict (
      workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx, expires_on
    ) do update set
      channel = excluded.channel,
      type = excluded.type,
      value = excluded.value
    where excluded.idx < 0; -- only LangGraph's own marks (errors, interrupts, resumes) are ever rewritten
  end if;
  if p_rest ? 'consumed' then
    update waits set status = 'consumed'
    where workspace_id = p_workspace
      and run_id = p_run
      and id in (select jsonb_array_elements_text(p_rest -> 'consumed'));
  end if;
  if v_held then
    return jsonb_build_object('committed', true, 'status', 'running', 'logSeq', v_log_seq);
  end if;

  if p_rest ? 'waits' then
    v_children := app.open_waits(r, p_rest -> 'waits', v_now);
  end if;
  if p_status = 'waiting' or (p_status = 'retrying' and p_due_in_ms is null) then
    -- The earliest time-out of what is still open is when the run is due. An answer that came in while this
    -- superstep ran makes it due at once; whoever answers locks the run row first, so one of the two sides
    -- always sees the other.
    select case when bool_or(w.status = 'resolved') then v_now else coalesce(min(w.due_at), 'infinity') end
    into v_due
    from waits w
    where w.workspace_id = p_workspace and w.run_id = p_run and w.status in ('open', 'resolved');
    v_due := least(v_due, r.deadline_at);
    update agent_sessions set due_at = v_due where workspace_id = p_workspace and id = p_run;
  end if;
  if v_ends then
    perform app.close_waits(p_workspace, p_run);
    delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run;
    -- Of a run that succeeds every task is in the log.
    if p_status <> 'succeeded' then
      r.log_seq := r.log_seq + app.book_journaled(p_workspace, p_run);
    end if;
    perform app.cancel_children(p_workspace, p_run, null, 'The run that it belongs to has ended.');
    v_wakes := app.tell_parent(r) || app.owed_endings(r);
  end if;
  if r.status not in ('running', 'retrying') and r.fragment is null then
    v_wakes := v_wakes || app.let_in(p_workspace, r.workflow_id);
  end if;

  return jsonb_build_object(
    'committed', true, 'status', r.status, 'logSeq', r.log_seq,
    'released', jsonb_build_object(
      'wakes', r.wakes, 'priority', r.priority, 'others', v_wakes || v_children,
      'dueInMs', case
        when r.status = 'paused' or coalesce(v_due, r.due_at) = 'infinity' then null
        else greatest(0, extract(epoch from coalesce(v_due, r.due_at) - v_now) * 1000)::bigint
      end
    )
  );
end;
$$;
