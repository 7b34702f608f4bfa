-- Returns the run that a run was made from, over all forks between them; itself where it is no fork.
create or replace function app.lineage_of(p_run uuid)
returns uuid
language sql stable
as $$
  with recursive earlier as (
    select p_run as id, 0 as distance
    union all
    select s.forked_from, e.distance + 1
    from earlier e
    join agent_sessions s on s.workspace_id = app.workspace_id() and s.id = e.id
    where s.forked_from is not null
  )
  select e.id from earlier e order by e.distance desc limit 1;
$$;
