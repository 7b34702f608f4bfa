-- Locks runs and all that they belong to, from the top down: whoever changes several runs of a family does it
-- in this order.
create or replace function app.lock_families(p_workspace uuid, p_runs uuid[])
returns void
language plpgsql
as $$
begin
  perform 1
  from agent_sessions s
  where s.workspace_id = p_workspace
    and s.id in (
      with recursive family as (
        select unnest(p_runs) as id
        union
        select r.parent_id
        from family f
        join agent_sessions r on r.workspace_id = p_workspace and r.id = f.id
        where r.parent_id is not null
      )
      select family.id
      from family
    )
  order by s.depth, s.id
  for no key update;
end;
$$;
