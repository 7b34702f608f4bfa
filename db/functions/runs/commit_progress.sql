-- Stores supersteps of any number of runs that continue in the same hands, in three statements and one
-- transaction: what a statement costs to set up, and what a commit costs to make durable, is shared.
-- p_changes: [{run, epoch, supersteps, attempt, leaseMs, rows, state?, usage?, checkpoints, logs, blobs?}].
--
-- Returns {run: [epoch, log_seq, …]} for the runs that are stored. A run that is missing was taken away or is
-- to pause; app.commit_superstep tells which. That function also writes over checkpoints that are there
-- already; here that is an error, and costs nothing to look for.
--
-- The settings make plans take the runs one by one by their key, however few rows the table had when they
-- were made.
create or replace function app.commit_progress(p_workspace uuid, p_changes jsonb)
returns jsonb
language plpgsql
set plan_cache_mode = 'force_generic_plan'
set enable_hashjoin = 'off'
set enable_mergejoin = 'off'
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_stored jsonb;
  v_blobs boolean;
begin
  perform app.enter_workspace(p_workspace);
  if jsonb_array_length(p_changes) > 1 then
    -- One run that somebody else looks after must not hold the others up: they are stored one by one then.
    perform set_config('lock_timeout', '250ms', true);
  end if;
  with held as (
    update agent_sessions s set
      state = coalesce(c.state, s.state),
      step = s.step + c.supersteps,
      attempt = c.attempt,
      crashes = 0,
      lease_until = v_now + c."leaseMs" * interval '1 millisecond',
      log_seq = s.log_seq + jsonb_array_length(c.logs),
      usage = case when c.usage is null then s.usage else app.add_usage(s.usage, c.usage) end,
      log_bytes = s.log_bytes + case when c.logs = '[]' then 0 else pg_column_size(c.logs) end,
      checkpoint_bytes = s.checkpoint_bytes
        + pg_column_size(c.checkpoints)
        + coalesce(pg_column_size(c.blobs), 0),
      checkpoint_rows = s.checkpoint_rows + c.rows
    from jsonb_to_recordset(p_changes) as c (
      run uuid, epoch bigint, supersteps integer, attempt integer, "leaseMs" integer, rows integer,
      state jsonb, usage jsonb, checkpoints jsonb, logs jsonb, blobs jsonb
    )
    where s.workspace_id = p_workspace
      and s.id = c.run
      and s.epoch = c.epoch
      and s.status = 'running'
      and s.lease_by is not null
      and not s.pausing
    returning s.id, s.epoch, s.log_seq, s.logs_expire_on, s.checkpoints_expire_on, c.checkpoints, c.logs,
      c.blobs is not null as has_blobs
  ),
  checkpointed as (
    insert into checkpoints (
      workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata,
      small, expires_on
    )
    select p_workspace, h.id::text, k.checkpoint_ns, k.checkpoint_id, k.parent_checkpoint_id, k.checkpoint,
      k.metadata, k.small, h.checkpoints_expire_on
    from held h
    cross join jsonb_to_recordset(h.checkpoints) as k (
      checkpoint_ns text, checkpoint_id text, parent_checkpoint_id text, checkpoint jsonb, metadata jsonb,
      small jsonb
    )
  ),
  logged as (
    insert into agent_logs (
      workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output,
      error, started_at, duration_ms, model, input_tokens, output_tokens, cost_usd, reused, expires_on
    )
    select p_workspace, gen_random_uuid(), h.id, h.log_seq - jsonb_array_length(h.logs) + l.ord,
      l.row ->> 'step', l.row ->> 'kind', l.row ->> 'status', l.row ->> 'taskId',
      (l.row ->> 'superstep')::integer, (l.row ->> 'attempt')::integer, l.row -> 'input', l.row -> 'output',
      l.row -> 'error', to_timestamp((l.row ->> 'startedAt')::double precision / 1000),
      (l.row ->> 'durationMs')::integer, l.row ->> 'model', coalesce((l.row ->> 'inputTokens')::integer, 0),
      coalesce((l.row ->> 'outputTokens')::integer, 0), coalesce((l.row ->> 'costUsd')::double precision, 0),
      coalesce((l.row ->> 'reused')::boolean, false), h.logs_expire_on
    from held h
    cross join jsonb_array_elements(h.logs) with ordinality as l (row, ord)
  )
  select jsonb_object_agg(h.id, jsonb_build_array(h.epoch, h.log_seq, h.checkpoints_expire_on)),
    bool_or(h.has_blobs)
  into v_stored, v_blobs
  from held h;
  if v_blobs then
    insert into checkpoint_blobs (
      workspace_id, thread_id, checkpoint_ns, channel, version, type, value, base, expires_on
    )
    select p_workspace, c.run::text, b.checkpoint_ns, b.channel, b.version, b.type, b.value, b.base,
      (v_stored -> c.run::text ->> 2)::date
    from jsonb_to_recordset(p_changes) as c (run uuid, epoch bigint, blobs jsonb)
    cross join jsonb_to_recordset(c.blobs) as b (
      checkpoint_ns text, channel text, version text, type text, value text, base text
    )
    where (v_stored -> c.run::text ->> 0)::bigint = c.epoch
    on conflict do nothing;
  end if;
  return coalesce(v_stored, '{}');
end;
$$;
