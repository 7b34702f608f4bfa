-- Deletes runs whose time is over, with what is small and hangs on them; what is large has gone with its
-- partition. Children first, so that none is taken along before its time. Returns how many runs it has
-- deleted.
create or replace function app.expire_runs(p_limit integer)
returns integer
language plpgsql
as $$
declare
  k record;
  v_some integer;
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
    delete from agent_sessions s where s.workspace_id = k.workspace_id and s.id = any (k.ids);
    get diagnostics v_some = row_count;
    v_count := v_count + v_some;
  end loop;
  perform set_config('role', 'app_system', true);
  return v_count;
end;
$$;
