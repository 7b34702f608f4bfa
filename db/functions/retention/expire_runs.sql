-- Deletes runs whose time is over, with what is small and hangs on them; what is large has gone with its
-- partition. Children first, so that none is taken along before its time. A definition that belongs to single
-- runs, of a try or an edited fork, goes with the last of them. Returns how many runs it has deleted.
create or replace function app.expire_runs(p_limit integer)
returns integer
language plpgsql
as $$
declare
  k record;
  v_some integer;
  v_versions uuid[];
  v_count integer := 0;
begin
  perform set_config('role', 'app_system', true);
  for k in
    select e.workspace_id, array_agg(e.id) as ids
    from (
      select s.workspace_id, s.id
      from agent_sessions s
      where s.expires_on <= (now() at time zone 'utc')::date
        and s.finished_at is not null
        and not exists (
          select 1 from agent_sessions c where c.workspace_id = s.workspace_id and c.parent_id = s.id
        )
      order by s.expires_on
      limit p_limit
    ) e
    group by e.workspace_id
  loop
    perform app.enter_workspace(k.workspace_id);
    with gone as (
      delete from agent_sessions s
      where s.workspace_id = k.workspace_id and s.id = any (k.ids)
      returning s.workflow_version_id as id, s.version
    )
    select count(*), array_agg(distinct g.id) filter (where g.version is null) into v_some, v_versions
    from gone g;
    delete from workflow_versions v
    where v.workspace_id = k.workspace_id
      and v.id = any (v_versions)
      and v.version is null
      and not exists (
        select 1
        from agent_sessions s
        where s.workspace_id = v.workspace_id and s.workflow_version_id = v.id
      );
    v_count := v_count + v_some;
  end loop;
  perform set_config('role', 'app_system', true);
  return v_count;
end;
$$;
