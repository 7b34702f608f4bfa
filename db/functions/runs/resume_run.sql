-- Lets a paused run continue, with all that it has started. A wait that is open makes it wait again, unless
-- other branches of it were to run next. Returns {status, others}: the status before and the wake-ups that
-- are owed; null when there is no such run.
create or replace function app.resume_run(p_workspace uuid, p_run uuid)
returns jsonb
language plpgsql
as $$
declare
  r agent_sessions;
  c record;
  v_wakes jsonb := '[]';
  v_kind text;
  v_due timestamptz;
  v_resolved boolean;
begin
  perform app.enter_workspace(p_workspace);
  select * into r from agent_sessions s where s.workspace_id = p_workspace and s.id = p_run for no key update;
  if not found then
    return null;
  end if;
  if r.pausing then
    update agent_sessions s set pausing = false where s.workspace_id = p_workspace and s.id = p_run;
  elsif r.status = 'paused' then
    select bool_or(w.status = 'resolved'), min(w.due_at) filter (where w.status = 'open'),
      (
        array_agg(
          w.kind order by array_position(array['approval', 'event', 'child', 'timer'], w.kind)
        ) filter (where w.status = 'open')
      )[1]
    into v_resolved, v_due, v_kind
    from waits w
    where w.workspace_id = p_workspace and w.run_id = p_run and w.status in ('open', 'resolved');
    -- A superstep that is to be tried again is tried at once, also when other branches of it wait.
    if v_kind is not null
      and not coalesce(v_resolved, false)
      and r.attempt = 0
      and r.due_at > clock_timestamp()
    then
      update agent_sessions s set
        status = 'waiting',
        waiting_on = v_kind,
        due_at = least(coalesce(v_due, 'infinity'), s.deadline_at),
        woken_at = clock_timestamp(),
        wakes = s.wakes + 1
      where s.workspace_id = p_workspace and s.id = p_run
      returning * into r;
    else
      update agent_sessions s set
        status = case when s.step = 0 and s.attempt = 0 then 'queued' else 'retrying' end,
        -- A child beyond the bound of its siblings keeps waiting for its place.
        due_at = case
          when s.due_at = 'infinity' and s.started_at is null then s.due_at
          else clock_timestamp()
        end,
        woken_at = clock_timestamp(),
        wakes = s.wakes + 1
      where s.workspace_id = p_workspace and s.id = p_run
      returning * into r;
    end if;
    if r.due_at <> 'infinity' then
      v_wakes := jsonb_build_array(
        jsonb_build_object(
          'runId', r.id, 'wakes', r.wakes, 'priority', r.priority,
          'delayMs', greatest(0, extract(epoch from r.due_at - clock_timestamp()) * 1000)::bigint
        )
      );
    end if;
    r.status := 'paused';
  else
    return jsonb_build_object('status', r.status, 'others', v_wakes);
  end if;
  for c in
    select s.id
    from agent_sessions s
    where s.workspace_id = p_workspace and s.parent_id = p_run and s.finished_at is null
    order by s.child_index
  loop
    v_wakes := v_wakes || coalesce(app.resume_run(p_workspace, c.id) -> 'others', '[]');
  end loop;
  return jsonb_build_object('status', 'paused', 'others', v_wakes);
end;
$$;
