-- Returns runs whose rows would go before their time: those under way, those that failed, those that took
-- longer than a day.
create or replace function app.kept_runs(p_before date)
returns table (workspace_id uuid, id uuid)
language sql stable
as $$
select s.workspace_id, s.id
from agent_sessions s
join workspaces w on w.id = s.workspace_id
where least(s.logs_expire_on, s.checkpoints_expire_on) <= p_before
  and (s.status not in ('succeeded', 'cancelled') or s.finished_at - s.created_at > interval '1 day')
  and (
    app.run_expires_on(s.status, s.finished_at, w.limits, 'logs') > s.logs_expire_on
      and s.logs_expire_on <= p_before
    or app.run_expires_on(s.status, s.finished_at, w.limits, 'checkpoints') > s.checkpoints_expire_on
      and s.checkpoints_expire_on <= p_before
  );
$$;
