-- Marks a run as cancelled. Its epoch moves on, so whoever works on it writes nothing more. What is in the
-- journal by then is booked: its holder may be dead. What is set aside is given back.
create or replace function app.end_run(p_workspace uuid, p_run uuid, p_reason text)
returns void
language sql
as $$
update agent_sessions s set
  status = 'cancelled',
  waiting_on = null,
  pausing = false,
  epoch = s.epoch + 1,
  error = jsonb_build_object('code', 'cancelled', 'message', p_reason),
  finished_at = clock_timestamp(),
  lease_by = null,
  lease_try = null,
  lease_until = null
where s.workspace_id = p_workspace and s.id = p_run;
select app.close_waits(p_workspace, p_run);
delete from reservations v where v.workspace_id = p_workspace and v.run_id = p_run;
select app.book_journaled(p_workspace, p_run);
$$;
