-- Gives the last decision about a budget to every run of the workspace that waited for it then. Where nothing
-- is asked about it any more, whoever came later, or whose question was taken back or has expired, is
-- answered `again` and looks anew. With p_anew (the limit is another one now) the question is taken back, so
-- that this is everybody. Called after a decision in a transaction of its own, since runs are locked
-- from the top of their families down. Returns the wake-ups that are owed.
create or replace function app.answer_budget(p_workspace uuid, p_budget text, p_anew boolean)
returns jsonb
language plpgsql
as $$
declare
  a approvals;
  w record;
  v_wakes jsonb := '[]';
  v_runs uuid[];
  v_asked boolean;
begin
  perform app.enter_workspace(p_workspace);
  select array_agg(distinct o.run_id)
  into v_runs
  from waits o
  where o.workspace_id = p_workspace and o.budget = p_budget and o.status = 'open';
  perform app.lock_families(p_workspace, v_runs);
  if p_anew then
    update approvals q set status = 'cancelled', decided_at = clock_timestamp()
    where q.workspace_id = p_workspace
      and q.subject = 'budget'
      and q.subject_id = p_budget
      and q.status = 'open';
  end if;
  -- Whoever came after the decision asks anew: only its own question is left to it.
  v_asked := exists (
    select
    from approvals q
    where q.workspace_id = p_workspace
      and q.subject = 'budget'
      and q.subject_id = p_budget
      and q.status = 'open'
  );
  select * into a
  from approvals q
  where q.workspace_id = p_workspace
    and q.subject = 'budget'
    and q.subject_id = p_budget
    and q.status = 'decided'
  order by q.decided_at desc
  limit 1;
  for w in
    update waits o set
      status = 'resolved',
      value = case
        when o.created_at <= a.decided_at
          then jsonb_build_object(
            'action', a.action, 'values', a.values, 'comment', a.comment, 'by', a.decided_by
          )
        else '{"action": "again"}'
      end
    where o.workspace_id = p_workspace
      and o.run_id = any (v_runs)
      and o.budget = p_budget
      and o.status = 'open'
      and (
        not v_asked
        or o.created_at <= a.decided_at
          and not exists (
            select
            from approvals q
            where q.workspace_id = p_workspace
              and q.run_id = o.run_id
              and q.wait_id = o.id
              and q.status = 'open'
          )
      )
    returning o.run_id
  loop
    v_wakes := v_wakes || app.make_due(p_workspace, w.run_id);
  end loop;
  return v_wakes;
end;
$$;
