-- Lets a run that has ended answer the wait it was started for: as the last of its siblings, or as the first
-- failed one where a failure ends them all. Otherwise lets the next sibling in. The caller has locked the
-- parent's row. Returns the wake-ups that are owed.
create or replace function app.tell_parent(r agent_sessions)
returns jsonb
language plpgsql
as $$
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
      update agent_sessions s set
        due_at = clock_timestamp(),
        woken_at = clock_timestamp(),
        wakes = s.wakes + 1
      where s.workspace_id = r.workspace_id
        and s.id = (
          select n.id
          from agent_sessions n
          where n.workspace_id = r.workspace_id
            and n.parent_id = r.parent_id
            and n.parent_wait = r.parent_wait
            and n.child_index > r.child_index
            and n.status = 'queued'
            and n.due_at = 'infinity'
          order by n.child_index
          limit 1
        )
      returning s.id, s.wakes
    )
    select coalesce(
      jsonb_agg(jsonb_build_object('runId', next.id, 'wakes', next.wakes, 'priority', r.priority)), '[]'
    )
    into v_wakes
    from next;
    return v_wakes;
  end if;
  update waits set
    status = 'resolved',
    pending = 0,
    value = (
      select jsonb_agg(
        jsonb_build_object('runId', c.id, 'status', c.status, 'output', c.output, 'error', c.error)
        order by c.child_index
      )
      from agent_sessions c
      where c.workspace_id = r.workspace_id and c.parent_id = r.parent_id and c.parent_wait = r.parent_wait
    )
  where workspace_id = r.workspace_id and run_id = r.parent_id and id = r.parent_wait;
  return app.make_due(r.workspace_id, r.parent_id);
end;
$$;
