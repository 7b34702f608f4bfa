-- Writes lines of paid work that no commit has stored to the log of a run that has ended, and adds their
-- usage to the run and to its ancestors as far as they have ended, as when it ended itself
-- (app.hand_usage_up).
create or replace function app.book_lines(p_workspace uuid, p_run uuid, p_lines jsonb)
returns void
language plpgsql
as $$
declare
  r agent_sessions;
  v_used jsonb;
  v_above uuid;
begin
  select jsonb_build_object(
    'inputTokens', coalesce(sum((l.row ->> 'inputTokens')::bigint), 0),
    'outputTokens', coalesce(sum((l.row ->> 'outputTokens')::bigint), 0),
    'costUsd', coalesce(sum((l.row ->> 'costUsd')::numeric), 0)
  )
  into v_used
  from jsonb_array_elements(p_lines) as l (row);
  update agent_sessions s set
    usage = app.add_usage(s.usage, v_used),
    log_seq = s.log_seq + jsonb_array_length(p_lines),
    log_bytes = s.log_bytes + pg_column_size(p_lines)
  where s.workspace_id = p_workspace and s.id = p_run
  returning * into r;
  insert into agent_logs (
    workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, started_at,
    duration_ms, model, input_tokens, output_tokens, cost_usd, expires_on
  )
  select p_workspace, gen_random_uuid(), p_run, r.log_seq - jsonb_array_length(p_lines) + l.ord,
    l.row ->> 'step', l.row ->> 'kind', 'cancelled', l.row ->> 'taskId', (l.row ->> 'superstep')::integer,
    (l.row ->> 'attempt')::integer, to_timestamp((l.row ->> 'startedAt')::double precision / 1000),
    (l.row ->> 'durationMs')::integer, l.row ->> 'model', (l.row ->> 'inputTokens')::integer,
    (l.row ->> 'outputTokens')::integer, (l.row ->> 'costUsd')::double precision, r.logs_expire_on
  from jsonb_array_elements(p_lines) with ordinality as l (row, ord);
  v_above := r.parent_id;
  while v_above is not null loop
    update agent_sessions p set
      usage = p.usage || jsonb_build_object('children', app.usage_sum(p.usage -> 'children', v_used))
    where p.workspace_id = p_workspace and p.id = v_above
    returning case when p.finished_at is not null then p.parent_id end
    into v_above;
  end loop;
end;
$$;
