-- Trigger of agent_sessions: a run that has ended leaves what it and its children have used with its parent,
-- in `usage.children`. Whoever ends a run has locked its parent before. A cancel ends parents before their
-- children: what comes late goes further up, as far as runs have ended.
create or replace function app.hand_usage_up()
returns trigger
language plpgsql
as $$
declare
  v_used jsonb := app.usage_sum(new.usage, new.usage -> 'children');
  v_above uuid := new.parent_id;
begin
  while v_above is not null loop
    update agent_sessions p set
      usage = p.usage || jsonb_build_object('children', app.usage_sum(p.usage -> 'children', v_used))
    where p.workspace_id = new.workspace_id and p.id = v_above
    returning case when p.finished_at is not null then p.parent_id end
    into v_above;
  end loop;
  return null;
end;
$$;
