-- Raises limits of a run as a person has decided, perhaps asked by a run that it has started. Never lowers a
-- limit that somebody else has raised further.
create or replace function app.raise_limits(p_workspace uuid, p_run uuid, p_limits jsonb)
returns void
language plpgsql
as $$
begin
  perform app.enter_workspace(p_workspace);
  update agent_sessions s set
    raised = coalesce(s.raised, '{}')
      || (
        select coalesce(
          jsonb_object_agg(
            e.key, greatest(e.value::double precision, (s.raised ->> e.key)::double precision)
          ),
          '{}'
        )
        from jsonb_each_text(p_limits) e
        where e.key in ('maxTokens', 'maxCostUsd')
      )
  where s.workspace_id = p_workspace and s.id = p_run;
end;
$$;
