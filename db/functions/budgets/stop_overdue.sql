-- Ends a run, with everything that it has started, when nobody has answered in time what one of those has
-- asked about its budget. (What a run asks about its own it is answered itself when its time is over.)
-- Returns the wake-ups that are owed.
create or replace function app.stop_overdue(p_workspace uuid, p_budget text)
returns jsonb
language plpgsql
as $$
declare
  v_above uuid := split_part(p_budget, ':', 2)::uuid;
  v_asking uuid;
begin
  perform app.enter_workspace(p_workspace);
  select a.run_id
  into v_asking
  from approvals a
  where a.workspace_id = p_workspace
    and a.subject = 'budget'
    and a.subject_id = p_budget
    and a.status = 'open';
  perform app.lock_families(p_workspace, array[v_asking]);
  -- Somebody may have answered before the locks were there.
  update approvals a set status = 'expired', action = 'stop', decided_at = clock_timestamp()
  where a.workspace_id = p_workspace
    and a.run_id = v_asking
    and a.subject = 'budget'
    and a.subject_id = p_budget
    and a.status = 'open'
    and a.due_at <= clock_timestamp();
  if not found then
    return '[]';
  end if;
  return app.stop_at_budget(
    p_workspace, v_above, 'Its budget was reached, and nobody has raised it in the time that was given.'
  );
end;
$$;
