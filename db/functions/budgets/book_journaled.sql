-- Books answers of models that are in the journal of a run which has ended, and in none of its lines: whoever
-- paid for them has died, or lost the run, before it could commit. A line of a try that failed speaks of
-- another answer than the one that was kept. Returns the number of lines that it has written.
create or replace function app.book_journaled(p_workspace uuid, p_run uuid)
returns integer
language plpgsql
as $$
declare
  r agent_sessions;
  v_lines jsonb;
begin
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run;
  select jsonb_agg(
    j.line
      || jsonb_build_object(
        'model', u.use -> 'model', 'inputTokens', u.use -> 'inputTokens',
        'outputTokens', u.use -> 'outputTokens', 'costUsd', u.use -> 'costUsd'
      )
    order by j.created_at, j.key
  )
  into v_lines
  from journal j
  cross join lateral (select j.result -> 'use' as use) u
  where j.workspace_id = p_workspace
    and j.run_id = p_run
    and j.expires_on = r.checkpoints_expire_on
    and j.key = (j.line ->> 'taskId') || ':model'
    and not exists (
      select from agent_logs l
      where l.workspace_id = p_workspace
        and l.session_id = p_run
        and l.expires_on = r.logs_expire_on
        and l.task_id = j.line ->> 'taskId'
        and l.model is not null
        and l.status <> 'retrying'
    );
  if v_lines is null then
    return 0;
  end if;
  perform app.book_lines(p_workspace, p_run, v_lines);
  return jsonb_array_length(v_lines);
end;
$$;
