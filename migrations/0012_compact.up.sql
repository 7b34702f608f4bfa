-- A superstep costs less: short values lie in the row of their checkpoint, and a commit that only goes on is three
-- statements. (Measured before: 5 to 7 statements, 4.5 KB of WAL and 2 ms of PostgreSQL a superstep.)

-- The values of channels at this checkpoint, as text: what is short stands here, null says that the value is a blob, and a channel that is
-- not mentioned is empty. A row without it was written before there was such a column: all its values are blobs.
alter table checkpoints add column small jsonb;

-- What must hold of a run's row, in one function: PostgreSQL reads the expression of every constraint from its text for every statement that
-- writes a row, and the lists of seven constraints were 17 % of the instructions of a commit. The list of every kind stands here.
do $$
declare
  v_name text;
begin
  for v_name in select conname from pg_constraint where conrelid = 'agent_sessions'::regclass and contype = 'c' loop
    execute format('alter table agent_sessions drop constraint %I', v_name);
  end loop;
end $$;
create function app.is_sound_run(p_status text, p_agent_type text, p_waiting_on text, p_priority text, p_ended boolean, p_leased boolean)
returns boolean language plpgsql immutable as $$
begin
  return p_status in ('queued', 'running', 'retrying', 'waiting', 'paused', 'succeeded', 'failed', 'timed_out', 'cancelled')
    and p_agent_type in ('direct', 'crew', 'graph', 'ingest')
    and p_priority in ('high', 'normal', 'low')
    and p_ended = (p_status in ('succeeded', 'failed', 'timed_out', 'cancelled'))
    and (p_waiting_on is not null) = (p_status = 'waiting')
    and coalesce(p_waiting_on in ('approval', 'timer', 'event', 'child'), true)
    and (p_status = 'running' or not p_leased);
end $$;
-- Whoever may write a row may have it checked.
grant execute on function app.is_sound_run(text, text, text, text, boolean, boolean) to public;
alter table agent_sessions add constraint agent_sessions_sound check (app.is_sound_run(status, agent_type, waiting_on, priority, finished_at is not null, lease_by is not null));

-- A foreign key would look its run up for every line; the run's row is locked by the commit that writes the line. Lines go with their
-- partition, with their run, or with their workspace.
do $$
declare
  v_name text;
begin
  for v_name in select conname from pg_constraint where conrelid = 'agent_logs'::regclass and contype = 'f' loop
    execute format('alter table agent_logs drop constraint %I', v_name);
  end loop;
end $$;
create function app.delete_logs() returns trigger language plpgsql as $$
begin
  delete from agent_logs l where l.workspace_id = old.workspace_id and l.session_id = old.id and l.expires_on = old.logs_expire_on;
  return null;
end $$;
create trigger delete_logs after delete on agent_sessions for each row execute function app.delete_logs();
create or replace function app.delete_checkpoints() returns trigger language plpgsql as $$
declare
  v_role text := current_setting('role');
  v_workspace text := current_setting('app.workspace_id', true);
begin
  perform app.enter_workspace(old.id);
  delete from agent_logs where workspace_id = old.id;
  delete from checkpoint_writes where workspace_id = old.id;
  delete from checkpoint_blobs where workspace_id = old.id;
  delete from checkpoints where workspace_id = old.id;
  perform set_config('role', v_role, true), set_config('app.workspace_id', coalesce(v_workspace, ''), true);
  return null;
end $$;

-- The values of a checkpoint's channels, whole. Not a function in SQL: PostgreSQL before 18 plans those at every call.
create function app.values_of(c checkpoints) returns table (channel text, type text, value text, base text) language plpgsql stable as $$
begin
  return query select s.key, 'json', s.value, null::text from jsonb_each_text(c.small) s where s.value is not null;
  return query
  select b.channel, b.type, app.blob_text(b), b.base
  from jsonb_each_text(c.checkpoint -> 'channel_versions') v
  join checkpoint_blobs b on b.workspace_id = c.workspace_id and b.thread_id = c.thread_id and b.checkpoint_ns = c.checkpoint_ns and b.channel = v.key
    and b.version = v.value and b.expires_on = c.expires_on
  where (c.small is null or c.small -> v.key = 'null') and b.type <> 'empty';
end $$;

create or replace function app.newest_checkpoint(p_workspace uuid, p_thread text, p_expires date) returns jsonb language plpgsql stable as $$
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
    'blobs', (select jsonb_agg(to_jsonb(v)) from app.values_of(c) v),
    'writes', (
      select jsonb_agg(jsonb_build_object('task_path', w.task_path, 'task_id', w.task_id, 'idx', w.idx, 'channel', w.channel, 'type', w.type,
        'value', w.value))
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = p_thread and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id and w.expires_on = p_expires));
end $$;

-- What was used, on top of what was used before.
create function app.add_usage(p_used jsonb, p_more jsonb) returns jsonb language sql immutable parallel safe as $$
  select p_used || jsonb_build_object(
      'inputTokens', (p_used ->> 'inputTokens')::bigint + (p_more ->> 'inputTokens')::bigint,
      'outputTokens', (p_used ->> 'outputTokens')::bigint + (p_more ->> 'outputTokens')::bigint,
      'costUsd', (p_used ->> 'costUsd')::double precision + (p_more ->> 'costUsd')::double precision)
    || case when p_more ? 'savedUsd' then jsonb_build_object(
      'savedTokens', coalesce((p_used ->> 'savedTokens')::bigint, 0) + (p_more ->> 'savedTokens')::bigint,
      'savedUsd', coalesce((p_used ->> 'savedUsd')::double precision, 0) + (p_more ->> 'savedUsd')::double precision) else '{}' end
$$;

-- Writes one superstep's whole effect, or nothing when a newer epoch (or a cancel) has taken the run away, or its holder has let it go. `p_rest` is what only some supersteps
-- have: {waitingOn, output, error, raised, response, parentId, blobs, writes, consumed, waits}. (The function of the same name with one document
-- serves invocations of the version before, while a deployment changes over.)
create function app.commit_superstep(p_workspace uuid, p_run uuid, p_epoch bigint, p_status text, p_supersteps integer, p_attempt integer, p_keep boolean,
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

-- Plans with the values of parameters look at one partition only, which seems so much cheaper that PostgreSQL would plan these statements anew at every
-- call, and the first five calls of every connection in any case. (Measured: 0.6 of a claim's 2.3 ms.)
alter function app.claim_run(uuid, uuid, text, integer, integer) set plan_cache_mode = force_generic_plan;
alter function app.commit_superstep(uuid, uuid, bigint, text, integer, integer, boolean, bigint, integer, jsonb, jsonb, jsonb, jsonb, jsonb) set plan_cache_mode = force_generic_plan;
alter function app.commit_superstep(uuid, uuid, bigint, jsonb) set plan_cache_mode = force_generic_plan;

-- Makes a run that goes on from where another one stood. p_fork: {id, origin, superstep | null, state: {channel: text}, versionId?, version?, agentType?,
-- input?, trigger, reuses}. Without a superstep it goes on from the newest checkpoint, and branches that were done stay done. `fresh` begins anew.
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
      -- What a branch asked or got wrong is asked and tried again.
      insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value)
      select p_workspace, v_id::text, '', w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = o.id::text and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id
        and w.expires_on = c.expires_on and w.channel not in ('__interrupt__', '__error__');
    end if;
    select coalesce(jsonb_object_agg(substr(e.key, 7), e.value::jsonb), '{}') into v_state from jsonb_each_text(v_values) e where e.key like 'state.%';
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

grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
