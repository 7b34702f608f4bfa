-- Books what a run had used when it was cancelled under the hands of its holder: calls that were broken off,
-- and answers that no commit has stored. Only its last holder may, and once: the cancel has moved the epoch
-- on from p_epoch, and the booking moves it on again. The cancel itself has booked what was in the journal
-- (app.book_journaled): a task that has such a line gets no second one. p_logs: lines of the log with their
-- model and tokens.
--
-- Parents are locked before their children. Returns whether it was booked.
create or replace function app.book_cancelled(p_workspace uuid, p_run uuid, p_epoch bigint, p_logs jsonb)
returns boolean
language plpgsql
as $$
declare
  v_lines jsonb;
begin
  perform app.enter_workspace(p_workspace);
  perform app.lock_families(p_workspace, array[p_run]);
  update agent_sessions s set epoch = s.epoch + 1
  where s.workspace_id = p_workspace and s.id = p_run and s.epoch = p_epoch + 1 and s.status = 'cancelled';
  if not found then
    return false;
  end if;
  select jsonb_agg(l.row order by l.ord)
  into v_lines
  from jsonb_array_elements(p_logs) with ordinality as l (row, ord)
  where not exists (
    select from agent_logs b
    join agent_sessions s on s.workspace_id = p_workspace and s.id = p_run and s.logs_expire_on = b.expires_on
    where b.workspace_id = p_workspace
      and b.session_id = p_run
      and b.task_id = l.row ->> 'taskId'
      and b.status = 'cancelled'
  );
  if v_lines is not null then
    perform app.book_lines(p_workspace, p_run, v_lines);
  end if;
  return true;
end;
$$;
