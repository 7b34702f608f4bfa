-- Ends a run whose budget is reached and not raised, with everything that it has started. Its family is
-- locked. Returns the wake-ups that are owed.
create or replace function app.stop_at_budget(p_workspace uuid, p_run uuid, p_reason text)
returns jsonb
language plpgsql
as $$
declare
  v_ended jsonb := app.cancel_run(p_workspace, p_run, p_reason);
begin
  if v_ended ? 'others' then
    update agent_sessions s set error = s.error || '{"code": "budget"}'
    where s.workspace_id = p_workspace and s.id = p_run;
  end if;
  return coalesce(v_ended -> 'others', '[]');
end;
$$;
