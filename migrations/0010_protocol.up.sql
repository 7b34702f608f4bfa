-- The step protocol, whole: claim and commit, and what runs do to one another. The order in which rows are locked is always parent before child,
-- run before wait, so that no two of these can wait for each other.

-- Takes a run for one invocation. It may be taken when it is owed work and nobody holds it, when its holder's lease has
-- expired, or when the very message that holds it is delivered again with a higher retry count (its earlier attempt is dead).
-- A concurrent duplicate of the same delivery may not. epoch is the fencing token of everything the holder writes.
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

-- The newest checkpoint of a thread with its channel values and pending writes, as the checkpointer reads it. Not a function in SQL: PostgreSQL before 18
-- plans those at every call.
drop function app.newest_checkpoint(uuid, text);
create function app.newest_checkpoint(p_workspace uuid, p_thread text, p_expires date) returns jsonb language plpgsql stable as $$
declare
  c checkpoints;
begin
  select * into c from checkpoints o
  where o.workspace_id = p_workspace and o.thread_id = p_thread and o.checkpoint_ns = '' and o.expires_on = p_expires
  order by o.checkpoint_id desc limit 1;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    'thread_id', c.thread_id, 'checkpoint_ns', c.checkpoint_ns, 'checkpoint_id', c.checkpoint_id, 'parent_checkpoint_id', c.parent_checkpoint_id, 'checkpoint', c.checkpoint, 'metadata', c.metadata,
    'blobs', (
      select jsonb_agg(jsonb_build_object('channel', b.channel, 'type', b.type, 'value', app.blob_text(b), 'base', b.base))
      from jsonb_each_text(c.checkpoint -> 'channel_versions') v
      join checkpoint_blobs b on b.workspace_id = p_workspace and b.thread_id = p_thread and b.checkpoint_ns = '' and b.channel = v.key and b.version = v.value
        and b.expires_on = p_expires
      where b.type <> 'empty'),
    'writes', (
      select jsonb_agg(jsonb_build_object('task_path', w.task_path, 'task_id', w.task_id, 'idx', w.idx, 'channel', w.channel, 'type', w.type,
        'value', w.value))
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = p_thread and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id and w.expires_on = p_expires));
end $$;

-- Whether as many other runs of the run's workflow are at work as may be. Claims of such a workflow take turns, so that the count holds.
create function app.is_crowded(p_workspace uuid, p_run uuid) returns boolean language plpgsql as $$
declare
  v_workflow uuid;
  v_most integer;
begin
  select w.id, (w.limits ->> 'concurrency')::integer into v_workflow, v_most
  from agent_sessions s join workflows w on w.workspace_id = s.workspace_id and w.id = s.workflow_id
  where s.workspace_id = p_workspace and s.id = p_run and s.status in ('queued', 'waiting');
  if v_most is null then
    return false;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(v_workflow::text, 0));
  return (
    select count(*) from agent_sessions s
    where s.workspace_id = p_workspace and s.status in ('running', 'retrying') and s.workflow_id = v_workflow and s.fragment is null) >= v_most;
end $$;

-- Lets in the next run that was turned away. Returns the wake-up that it is owed.
create function app.let_in(p_workspace uuid, p_workflow uuid) returns jsonb language sql as $$
  with next as (
    update agent_sessions s set due_at = clock_timestamp(), woken_at = clock_timestamp(), wakes = s.wakes + 1
    where s.workspace_id = p_workspace and s.id = (
      select n.id from agent_sessions n
      where n.workspace_id = p_workspace and n.workflow_id = p_workflow and n.held and n.status in ('queued', 'waiting')
      order by array_position(array['high', 'normal', 'low'], n.priority), n.created_at, n.id limit 1 for update skip locked)
    returning s.id, s.wakes, s.priority)
  select coalesce(jsonb_agg(jsonb_build_object('runId', next.id, 'wakes', next.wakes, 'priority', next.priority)), '[]') from next
$$;

-- What a part of a definition sees of the run it is a part of. The parent waits for it, so nothing of this changes meanwhile.
create function app.outer_scope(p_workspace uuid, p_parent uuid) returns jsonb language sql stable as $$
  with recursive up as (
    select s.parent_id, s.fragment, s.input, s.state, s.trigger, s.id, 1 as level
    from agent_sessions s where s.workspace_id = p_workspace and s.id = p_parent
    union all
    select s.parent_id, s.fragment, s.input, s.state, s.trigger, s.id, up.level + 1
    from up join agent_sessions s on s.workspace_id = p_workspace and s.id = up.parent_id
    where up.fragment is not null)
  select jsonb_build_object('input', (array_agg(up.input order by up.level desc))[1], 'trigger', (array_agg(up.trigger order by up.level desc))[1],
    'runId', (array_agg(up.id order by up.level desc))[1], 'states', jsonb_agg(up.state order by up.level desc))
  from up
$$;

-- Writes one superstep's whole effect, or nothing when a newer epoch (or a cancel) has taken the run away.
create or replace function app.commit_superstep(p_workspace uuid, p_run uuid, p_epoch bigint, p_change jsonb)
returns jsonb language plpgsql as $$
declare
  r agent_sessions;
  v_now timestamptz := clock_timestamp();
  v_logs integer := jsonb_array_length(p_change -> 'logs');
  v_keep boolean := (p_change ->> 'keepLease')::boolean;
  v_status text := p_change ->> 'status';
  v_ends boolean := p_change ->> 'status' in ('succeeded', 'failed', 'timed_out', 'cancelled');
  v_rows integer := jsonb_array_length(p_change -> 'checkpoints') + jsonb_array_length(p_change -> 'blobs') + jsonb_array_length(p_change -> 'writes');
  v_bytes integer := case when v_rows > 0 then pg_column_size(p_change -> 'checkpoints') + pg_column_size(p_change -> 'blobs') + pg_column_size(p_change -> 'writes') else 0 end;
  v_due timestamptz;
  v_wakes jsonb := '[]';
  v_children jsonb := '[]';
begin
  perform app.enter_workspace(p_workspace);
  if v_ends and p_change ->> 'parentId' is not null then
    perform 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = (p_change ->> 'parentId')::uuid for update;
  end if;
  update agent_sessions s set
    status = case when s.pausing and not v_ends then 'paused' else v_status end,
    waiting_on = case when not s.pausing then p_change ->> 'waitingOn' end,
    pausing = false,
    state = coalesce(p_change -> 'state', s.state),
    output = nullif(p_change -> 'output', 'null'),
    error = nullif(p_change -> 'error', 'null'),
    raised = coalesce(s.raised || nullif(p_change -> 'raised', 'null'), nullif(p_change -> 'raised', 'null'), s.raised),
    response = coalesce(s.response, nullif(p_change -> 'response', 'null')),
    step = s.step + (p_change ->> 'supersteps')::integer,
    attempt = (p_change ->> 'attempt')::integer,
    crashes = 0,
    due_at = case
      -- Unchanged while it is held: no index is touched, and the update stays within its page.
      when v_keep then s.due_at
      when v_status = 'waiting' then coalesce(v_now + (p_change ->> 'dueInMs')::bigint * interval '1 millisecond', 'infinity')
      else v_now + coalesce((p_change ->> 'dueInMs')::bigint, 0) * interval '1 millisecond' end,
    lease_by = case when v_keep and not s.pausing then s.lease_by end,
    lease_try = case when v_keep and not s.pausing then s.lease_try end,
    lease_until = case when v_keep and not s.pausing then v_now + (p_change ->> 'leaseMs')::integer * interval '1 millisecond' end,
    woken_at = v_now,
    wakes = s.wakes + 1,
    log_seq = s.log_seq + v_logs,
    log_bytes = s.log_bytes + case when v_logs > 0 then pg_column_size(p_change -> 'logs') else 0 end,
    checkpoint_bytes = s.checkpoint_bytes + v_bytes,
    checkpoint_rows = s.checkpoint_rows + v_rows,
    usage = s.usage || jsonb_build_object(
      'inputTokens', (s.usage ->> 'inputTokens')::bigint + (p_change -> 'usage' ->> 'inputTokens')::bigint,
      'outputTokens', (s.usage ->> 'outputTokens')::bigint + (p_change -> 'usage' ->> 'outputTokens')::bigint,
      'costUsd', (s.usage ->> 'costUsd')::double precision + (p_change -> 'usage' ->> 'costUsd')::double precision)
      || case when p_change -> 'usage' ? 'savedUsd' then jsonb_build_object(
        'savedTokens', coalesce((s.usage ->> 'savedTokens')::bigint, 0) + (p_change -> 'usage' ->> 'savedTokens')::bigint,
        'savedUsd', coalesce((s.usage ->> 'savedUsd')::double precision, 0) + (p_change -> 'usage' ->> 'savedUsd')::double precision) else '{}' end,
    finished_at = case when v_ends then v_now end
  where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running'
  returning * into r;
  if not found then
    return jsonb_build_object('committed', false);
  end if;

  insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value, base, expires_on)
  select p_workspace, p_run::text, b.checkpoint_ns, b.channel, b.version, b.type, b.value, b.base, r.checkpoints_expire_on
  from jsonb_to_recordset(p_change -> 'blobs') as b (checkpoint_ns text, channel text, version text, type text, value text, base text)
  on conflict do nothing;
  insert into checkpoints (workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata, expires_on)
  select p_workspace, p_run::text, c.checkpoint_ns, c.checkpoint_id, c.parent_checkpoint_id, c.checkpoint, c.metadata, r.checkpoints_expire_on
  from jsonb_to_recordset(p_change -> 'checkpoints')
    as c (checkpoint_ns text, checkpoint_id text, parent_checkpoint_id text, checkpoint jsonb, metadata jsonb)
  on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id, expires_on) do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata;
  if jsonb_array_length(p_change -> 'writes') > 0 then
    insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value, expires_on)
    select p_workspace, p_run::text, w.checkpoint_ns, w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value, r.checkpoints_expire_on
    from jsonb_to_recordset(p_change -> 'writes')
      as w (checkpoint_ns text, checkpoint_id text, task_id text, task_path text, idx integer, channel text, type text, value text)
    on conflict (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx, expires_on) do update
      set channel = excluded.channel, type = excluded.type, value = excluded.value
      where excluded.idx < 0; -- only LangGraph's own marks (errors, interrupts, resumes) are ever rewritten
  end if;

  insert into agent_logs (workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output, error,
    started_at, duration_ms, model, input_tokens, output_tokens, cost_usd, reused, expires_on)
  select p_workspace, gen_random_uuid(), p_run, r.log_seq - v_logs + l.ord, l.row ->> 'step', l.row ->> 'kind', l.row ->> 'status',
    l.row ->> 'taskId', (l.row ->> 'superstep')::integer, (l.row ->> 'attempt')::integer, l.row -> 'input', l.row -> 'output', l.row -> 'error',
    to_timestamp((l.row ->> 'startedAt')::double precision / 1000), (l.row ->> 'durationMs')::integer, l.row ->> 'model',
    coalesce((l.row ->> 'inputTokens')::integer, 0), coalesce((l.row ->> 'outputTokens')::integer, 0), coalesce((l.row ->> 'costUsd')::double precision, 0),
    coalesce((l.row ->> 'reused')::boolean, false), r.logs_expire_on
  from jsonb_array_elements(p_change -> 'logs') with ordinality as l (row, ord);

  if jsonb_array_length(p_change -> 'consumed') > 0 then
    update waits set status = 'consumed'
    where workspace_id = p_workspace and run_id = p_run and id in (select jsonb_array_elements_text(p_change -> 'consumed'));
  end if;
  if jsonb_array_length(p_change -> 'waits') > 0 then
    v_children := app.open_waits(r, p_change -> 'waits', v_now);
  end if;

  if v_status = 'waiting' then
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

  return jsonb_build_object('committed', true, 'wakes', r.wakes, 'logSeq', r.log_seq, 'status', r.status, 'priority', r.priority, 'others', v_wakes || v_children,
    'dueInMs', case when r.status = 'paused' or coalesce(v_due, r.due_at) = 'infinity' then null
      else greatest(0, extract(epoch from coalesce(v_due, r.due_at) - v_now) * 1000)::bigint end);
end $$;

-- Stores what a run waits for, and starts the runs it waits for. A superstep that is tried again asks the same again: the first time counts.
-- Returns the wake-ups that the started runs are owed.
create function app.open_waits(r agent_sessions, p_waits jsonb, p_now timestamptz) returns jsonb language plpgsql as $$
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
  started as (
    insert into agent_sessions (workspace_id, id, agent_type, status, workflow_id, workflow_version_id, version, input, trigger, parent_id, parent_wait,
      child_index, fragment, item, depth, priority, deadline_at, due_at)
    select r.workspace_id, (c.run ->> 'id')::uuid, c.run ->> 'agentType', 'queued', (c.run ->> 'workflowId')::uuid, (c.run ->> 'versionId')::uuid,
      (c.run ->> 'version')::integer, coalesce(c.run -> 'input', '{}'), jsonb_strip_nulls(jsonb_build_object('kind', 'run', 'runId', r.id, 'step', w.step, 'by', r.trigger ->> 'by')),
      r.id, w.id, c.ord - 1, c.run ->> 'fragment', c.run -> 'item', r.depth + 1, r.priority, r.deadline_at,
      -- Those beyond the bound start when others have ended.
      case when c.ord <= (w.children ->> 'parallel')::integer then p_now else 'infinity' end
    from jsonb_to_recordset(p_waits) as w (id text, step text, children jsonb)
    join asked on asked.id = w.id
    cross join lateral jsonb_array_elements(w.children -> 'runs') with ordinality as c (run, ord)
    where w.children is not null
    returning id, wakes, due_at)
  select coalesce(jsonb_agg(jsonb_build_object('runId', s.id, 'wakes', s.wakes, 'priority', r.priority)), '[]') into v_wakes from started s where s.due_at <> 'infinity';
  return v_wakes;
end $$;

-- A run that has ended answers the wait it was started for: the last one of its siblings, or the first failed one where a failure ends them all.
-- Lets the next sibling in. The parent's row is locked by the caller. Returns the wake-ups that are owed.
create function app.tell_parent(r agent_sessions) returns jsonb language plpgsql as $$
declare
  w waits;
  v_wakes jsonb := '[]';
begin
  if r.parent_id is null or r.parent_wait is null then
    return v_wakes;
  end if;
  update waits set pending = pending - 1
  where workspace_id = r.workspace_id and run_id = r.parent_id and id = r.parent_wait and status = 'open'
  returning * into w;
  if not found then
    return v_wakes;
  end if;
  if w.policy = 'fail' and r.status <> 'succeeded' and w.pending > 0 then
    perform app.cancel_children(r.workspace_id, r.parent_id, r.parent_wait, 'Another item failed.');
    w.pending := 0;
  end if;
  if w.pending > 0 then
    with next as (
      update agent_sessions s set due_at = clock_timestamp(), woken_at = clock_timestamp(), wakes = s.wakes + 1
      where s.workspace_id = r.workspace_id and s.id = (
        select n.id from agent_sessions n
        where n.workspace_id = r.workspace_id and n.parent_id = r.parent_id and n.parent_wait = r.parent_wait
          and n.child_index > r.child_index and n.status = 'queued' and n.due_at = 'infinity'
        order by n.child_index limit 1)
      returning s.id, s.wakes)
    select coalesce(jsonb_agg(jsonb_build_object('runId', next.id, 'wakes', next.wakes, 'priority', r.priority)), '[]') into v_wakes from next;
    return v_wakes;
  end if;
  update waits set status = 'resolved', pending = 0, value = (
    select jsonb_agg(jsonb_build_object('runId', c.id, 'status', c.status, 'output', c.output, 'error', c.error) order by c.child_index)
    from agent_sessions c where c.workspace_id = r.workspace_id and c.parent_id = r.parent_id and c.parent_wait = r.parent_wait)
  where workspace_id = r.workspace_id and run_id = r.parent_id and id = r.parent_wait;
  return app.make_due(r.workspace_id, r.parent_id);
end $$;

-- A waiting run becomes due now. One that is being worked on needs nothing: its commit sees the answer. Returns the wake-up that is owed.
create function app.make_due(p_workspace uuid, p_run uuid) returns jsonb language sql as $$
  with due as (
    update agent_sessions s set due_at = clock_timestamp(), woken_at = clock_timestamp(), wakes = s.wakes + 1
    where s.workspace_id = p_workspace and s.id = p_run and s.status = 'waiting'
    returning s.id, s.wakes, s.priority)
  select coalesce(jsonb_agg(jsonb_build_object('runId', due.id, 'wakes', due.wakes, 'priority', due.priority)), '[]') from due
$$;

-- Ends the runs that a run has started, and theirs, whoever is at work on them.
create function app.cancel_children(p_workspace uuid, p_run uuid, p_wait text, p_reason text) returns void language plpgsql as $$
declare
  c record;
begin
  for c in
    select s.id from agent_sessions s
    where s.workspace_id = p_workspace and s.parent_id = p_run and (p_wait is null or s.parent_wait = p_wait)
      and s.status in ('queued', 'running', 'retrying', 'waiting', 'paused')
    order by s.child_index for update
  loop
    perform app.end_run(p_workspace, c.id, p_reason);
    perform app.cancel_children(p_workspace, c.id, null, p_reason);
  end loop;
end $$;

-- The epoch moves on, so whoever works on the run writes nothing more.
create function app.end_run(p_workspace uuid, p_run uuid, p_reason text) returns void language sql as $$
  update agent_sessions s set status = 'cancelled', waiting_on = null, pausing = false, epoch = s.epoch + 1,
    error = jsonb_build_object('code', 'cancelled', 'message', p_reason), finished_at = clock_timestamp(),
    lease_by = null, lease_try = null, lease_until = null
  where s.workspace_id = p_workspace and s.id = p_run;
  select app.close_waits(p_workspace, p_run);
$$;

-- Cancels a run with all that it has started. Its parent, if it has one, learns of it.
-- Returns the wake-ups that are owed; null when there is no such run; a status when it had ended before.
create function app.cancel_run(p_workspace uuid, p_run uuid, p_reason text) returns jsonb language plpgsql as $$
declare
  r agent_sessions;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run;
  if r.parent_id is not null then
    perform 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = r.parent_id for update;
  end if;
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run for update;
  if not found then
    return null;
  end if;
  if r.finished_at is not null then
    return jsonb_build_object('status', r.status);
  end if;
  perform app.end_run(p_workspace, p_run, p_reason);
  perform app.cancel_children(p_workspace, p_run, null, p_reason);
  r.status := 'cancelled';
  return jsonb_build_object('others', app.tell_parent(r) || app.let_in(p_workspace, r.workflow_id));
end $$;

-- Holds a run and all that it has started. A step at work may finish; its commit parks the run. Returns the status before; null when there is no such run.
create function app.pause_run(p_workspace uuid, p_run uuid) returns text language plpgsql as $$
declare
  r agent_sessions;
  c record;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run for update;
  if not found or r.status not in ('queued', 'running', 'retrying', 'waiting') then
    return r.status;
  end if;
  if r.lease_by is not null then
    update agent_sessions s set pausing = true where s.workspace_id = p_workspace and s.id = p_run;
  else
    update agent_sessions s set status = 'paused', waiting_on = null where s.workspace_id = p_workspace and s.id = p_run;
  end if;
  for c in select s.id from agent_sessions s where s.workspace_id = p_workspace and s.parent_id = p_run and s.finished_at is null order by s.child_index loop
    perform app.pause_run(p_workspace, c.id);
  end loop;
  return r.status;
end $$;

-- Lets a paused run go on, with all that it has started. What it waited for and has not got, it waits for again.
-- Returns the status before and the wake-ups that are owed; null when there is no such run.
create function app.resume_run(p_workspace uuid, p_run uuid) returns jsonb language plpgsql as $$
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

-- Gives the oldest undelivered event of a key to every run that waits for it. Whoever stores an event and whoever stores a wait calls this
-- afterwards, in a transaction of its own: of two such calls at the same moment at least one sees both rows.
-- Returns the wake-ups that are owed.
create function app.deliver_event(p_workspace uuid, p_key text) returns jsonb language plpgsql as $$
declare
  e events;
  w record;
  v_wakes jsonb := '[]';
  v_told integer := 0;
begin
  perform app.enter_workspace(p_workspace);
  select * into e from events
  where workspace_id = p_workspace and key = p_key and delivered_at is null and received_at > clock_timestamp() - interval '1 day'
  order by received_at, id limit 1 for update;
  if not found then
    return v_wakes;
  end if;
  for w in
    select o.run_id, o.id from waits o
    where o.workspace_id = p_workspace and o.key = p_key and o.kind = 'event' and o.status = 'open' order by o.run_id, o.id
  loop
    perform 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = w.run_id for update;
    update waits set status = 'resolved', value = jsonb_build_object('event', e.payload, 'eventId', e.id, 'receivedAt', e.received_at)
    where workspace_id = p_workspace and run_id = w.run_id and id = w.id and status = 'open';
    if found then
      v_told := v_told + 1;
      v_wakes := v_wakes || app.make_due(p_workspace, w.run_id);
    end if;
  end loop;
  if v_told > 0 then
    update events set delivered_at = clock_timestamp(), delivered_to = v_told
    where workspace_id = p_workspace and id = e.id and expires_on = e.expires_on;
  end if;
  return v_wakes;
end $$;

-- Keys that an event and a wait have in common and that nobody has brought together (the process between the two died).
create function app.missed_events(p_limit integer) returns table (workspace_id uuid, key text) language plpgsql as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  select distinct e.workspace_id, e.key from events e
  where e.delivered_at is null and e.received_at > clock_timestamp() - interval '1 day'
    and exists (select 1 from waits w where w.workspace_id = e.workspace_id and w.key = e.key and w.kind = 'event' and w.status = 'open')
  limit p_limit;
end $$;

-- Stores the result of a paid call at once, before the superstep commits. The first result stays.
create function app.journal_result(p_workspace uuid, p_run uuid, p_entry jsonb) returns void language plpgsql as $$
begin
  perform app.enter_workspace(p_workspace);
  insert into journal (workspace_id, run_id, key, superstep, result, node, hash, expires_on)
  values (p_workspace, p_run, p_entry ->> 'key', (p_entry ->> 'superstep')::integer, p_entry -> 'result', p_entry ->> 'node', p_entry ->> 'hash',
    coalesce((select s.checkpoints_expire_on from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run), app.expires_on('checkpoints')))
  on conflict do nothing;
  delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run and v.key = p_entry ->> 'key';
  update side_effects s set state = 'sent', error = null, settled_at = clock_timestamp()
  where s.workspace_id = p_workspace and s.run_id = p_run and s.key = p_entry ->> 'key' and s.state in ('pending', 'unknown');
end $$;

-- Runs that are owed a wake-up for longer than the grace, or whose holder died. Workspaces take turns, and in each the more important runs come first:
-- of two thousand runs of one workspace and one of another, the one is not the last. SKIP LOCKED: concurrent sweeps do not fight.
drop function app.sweep_runs(integer, integer);
create function app.sweep_runs(p_grace_ms integer, p_limit integer)
returns table (workspace_id uuid, id uuid, wakes integer, priority text) language plpgsql as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  with owed as (
    select s.workspace_id, s.id, s.due_at, s.priority from agent_sessions s
    where s.status in ('queued', 'running', 'retrying', 'waiting') and (
      (s.lease_by is null and s.due_at <= clock_timestamp() and s.woken_at < clock_timestamp() - p_grace_ms * interval '1 millisecond')
      or (s.lease_by is not null and s.lease_until < clock_timestamp()))
    -- Those beyond are older by their wake-ups the next time.
    order by s.due_at limit 10 * p_limit),
  in_turn as (
    select o.workspace_id, o.id, o.due_at,
      row_number() over (partition by o.workspace_id order by array_position(array['high', 'normal', 'low'], o.priority), o.due_at) as turn
    from owed o),
  chosen as (
    select s.workspace_id, s.id from agent_sessions s
    join (select t.workspace_id, t.id from in_turn t order by t.turn, t.due_at limit p_limit) c on c.workspace_id = s.workspace_id and c.id = s.id
    for update of s skip locked)
  update agent_sessions s set woken_at = clock_timestamp(), wakes = s.wakes + 1
  from chosen where s.workspace_id = chosen.workspace_id and s.id = chosen.id
  returning s.workspace_id, s.id, s.wakes, s.priority;
end $$;

-- Whether an invocation still holds its run. A long step asks now and then, so that a cancel stops it.
create function app.holds_run(p_workspace uuid, p_run uuid, p_epoch bigint) returns boolean language plpgsql as $$
begin
  perform app.enter_workspace(p_workspace);
  return exists (select 1 from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch and s.status = 'running');
end $$;

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
