-- Books what a run had used when it was cancelled under the hands of its holder: calls that were broken off,
-- and answers that no commit has stored. Only its last holder may, and once: the cancel has moved the epoch
-- on from p_epoch, and the booking moves it on again. p_logs: lines of the log with their model and tokens.
--
-- Parents are locked before their children. What the run has used goes up to its ancestors as far as they
-- have ended, as when it ended itself (app.hand_usage_up). Returns whether it was booked.
create or replace function app.book_cancelled(p_workspace uuid, p_run uuid, p_epoch bigint, p_logs jsonb)
returns boolean
language plpgsql
as $$
declare
  r agent_sessions;
  v_used jsonb;
  v_above uuid;
begin
  perform app.enter_workspace(p_workspace);
  perform 1
  from agent_sessions s
  where s.workspace_id = p_workspace
    and s.id in (
      with recursive above as (
        select p_run as id
        union
        select o.parent_id
        from above a
        join agent_sessions o on o.workspace_id = p_workspace and o.id = a.id
        where o.parent_id is not null
      )
      select above.id
      from above
    )
  order by s.depth, s.id
  for no key update;
  select jsonb_build_object(
    'inputTokens', coalesce(sum((l.row ->> 'inputTokens')::bigint), 0),
    'outputTokens', coalesce(sum((l.row ->> 'outputTokens')::bigint), 0),
    'costUsd', coalesce(sum((l.row ->> 'costUsd')::double precision), 0)
  )
  into v_used
  from jsonb_array_elements(p_logs) as l (row);
  update agent_sessions s set
    epoch = s.epoch + 1,
    usage = app.add_usage(s.usage, v_used),
    log_seq = s.log_seq + jsonb_array_length(p_logs),
    log_bytes = s.log_bytes + pg_column_size(p_logs)
  where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch + 1 and s.status = 'cancelled'
  returning * into r;
  if not found then
    return false;
  end if;
  insert into agent_logs (
    workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, started_at,
    duration_ms, model, input_tokens, output_tokens, cost_usd, expires_on
  )
  select p_workspace, gen_random_uuid(), p_run, r.log_seq - jsonb_array_length(p_logs) + l.ord,
    l.row ->> 'step', l.row ->> 'kind', 'cancelled', l.row ->> 'taskId', (l.row ->> 'superstep')::integer,
    (l.row ->> 'attempt')::integer, to_timestamp((l.row ->> 'startedAt')::double precision / 1000),
    (l.row ->> 'durationMs')::integer, l.row ->> 'model', (l.row ->> 'inputTokens')::integer,
    (l.row ->> 'outputTokens')::integer, (l.row ->> 'costUsd')::double precision, r.logs_expire_on
  from jsonb_array_elements(p_logs) with ordinality as l (row, ord);
  v_above := r.parent_id;
  while v_above is not null loop
    update agent_sessions p set
      usage = p.usage || jsonb_build_object('children', app.usage_sum(p.usage -> 'children', v_used))
    where p.workspace_id = p_workspace and p.id = v_above
    returning case when p.finished_at is not null then p.parent_id end
    into v_above;
  end loop;
  return true;
end;
$$;
