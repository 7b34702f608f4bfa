-- Keeps a place of memory within its bounds, after p_new were saved there. p_save is app.save_memories': when
-- more facts hold than `most`, the least important and then the oldest of the others hold no more; of those
-- that hold no more as many are kept, and the longest ended are deleted. Processes of the version before give
-- no `most`, and nothing goes.
--
-- Returns the facts that hold no more now.
create or replace function app.drop_memories(p_save jsonb, p_new uuid[])
returns uuid[]
language plpgsql
as $$
declare
  v_workspace uuid := app.workspace_id();
  v_most integer := (p_save ->> 'most')::integer;
  v_dropped uuid[];
begin
  if v_most is null or p_new = '{}' then
    return '{}';
  end if;
  with dropped as (
    update memories m set valid_until = clock_timestamp(), updated_at = clock_timestamp()
    where m.workspace_id = v_workspace
      and m.valid_until is null
      and m.id in (
        select o.id
        from memories o
        where o.workspace_id = v_workspace
          and o.scope = p_save ->> 'scope'
          and o.owner = p_save ->> 'owner'
          and o.subject = p_save ->> 'subject'
          and o.valid_until is null
          and o.id <> all (p_new)
        order by o.importance desc, o.valid_from desc, o.id
        offset greatest(v_most - cardinality(p_new), 0)
      )
    returning m.id
  )
  select coalesce(array_agg(d.id), '{}') into v_dropped from dropped d;
  delete from memories m
  where m.workspace_id = v_workspace
    and m.id in (
      select o.id
      from memories o
      where o.workspace_id = v_workspace
        and o.scope = p_save ->> 'scope'
        and o.owner = p_save ->> 'owner'
        and o.subject = p_save ->> 'subject'
        and o.valid_until is not null
        and o.id <> all (p_new)
      order by o.valid_until desc, o.id
      offset v_most
    );
  return v_dropped;
end;
$$;
