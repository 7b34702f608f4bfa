-- Locks the run that asks, before its question is decided. Where it asks about the budget of a run that it
-- belongs to, the family is locked from its top down: stopping ends all of it in the same transaction.
-- Returns the run above whose budget it is, or null.
create or replace function app.lock_asked(p_workspace uuid, p_run uuid, p_approval uuid)
returns uuid
language plpgsql
as $$
declare
  v_above uuid;
begin
  select split_part(a.subject_id, ':', 2)::uuid
  into v_above
  from approvals a
  where a.workspace_id = p_workspace
    and a.id = p_approval
    and a.subject = 'budget'
    and starts_with(a.subject_id, 'run:')
    and split_part(a.subject_id, ':', 2) <> p_run::text;
  if v_above is not null then
    perform app.lock_families(p_workspace, array[p_run]);
    return v_above;
  end if;
  perform 1
  from agent_sessions s
  where s.workspace_id = p_workspace and s.id = p_run
  for no key update;
  return null;
end;
$$;
