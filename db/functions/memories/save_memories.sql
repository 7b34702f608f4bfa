-- Keeps facts in one place. p_save: {scope, owner, subject, runId | null, step, most?, facts: [{text,
-- importance, replaces: [id]}]}.
--
-- The id of a fact follows from the run that its run was made from, the step and the text: a repeated step, a
-- retry and a fork find it and add nothing, also when it has been superseded since. What it replaces is valid
-- until now. What is too much then goes: app.drop_memories.
--
-- Returns [{id, text, isNew, replaced: [id], dropped?: [id]}] in the order of the facts; the last says what
-- had to go.
create or replace function app.save_memories(p_save jsonb)
returns jsonb
language plpgsql
as $$
declare
  v_workspace uuid := app.workspace_id();
  v_scope text := p_save ->> 'scope';
  v_owner text := p_save ->> 'owner';
  v_subject text := p_save ->> 'subject';
  v_run uuid := (p_save ->> 'runId')::uuid;
  v_lineage text := coalesce(app.lineage_of(v_run)::text, '');
  v_saved jsonb := '[]';
  v_new uuid[] := '{}';
  v_dropped uuid[];
  v_replaced jsonb;
  v_id uuid;
  v_kept uuid;
  v_is_new boolean;
  f jsonb;
begin
  for f in select e.value from jsonb_array_elements(p_save -> 'facts') e loop
    v_id := md5(
      concat_ws(
        e'\n', v_workspace, v_lineage, p_save ->> 'step', v_scope, v_owner, v_subject, lower(f ->> 'text')
      )
    )::uuid;
    insert into memories (
      workspace_id, id, scope, owner, subject, text, importance, source_run_id, source_step
    )
    values (
      v_workspace, v_id, v_scope, v_owner, v_subject, f ->> 'text', (f ->> 'importance')::smallint, v_run,
      p_save ->> 'step'
    )
    on conflict do nothing;
    v_is_new := found;
    select m.id into v_kept
    from memories m
    where m.workspace_id = v_workspace
      and (
        m.id = v_id
        or (
          m.scope = v_scope and m.owner = v_owner and m.subject = v_subject and m.valid_until is null
          and md5(lower(m.text)) = md5(lower(f ->> 'text'))
        )
      )
    order by m.id = v_id desc
    limit 1;
    v_replaced := '[]';
    -- A fact that was found by its id has replaced what it had to when it was saved.
    if v_is_new or v_kept <> v_id then
      with closed as (
        update memories m set
          valid_until = clock_timestamp(),
          superseded_by = v_kept,
          updated_at = clock_timestamp()
        where m.workspace_id = v_workspace
          and m.scope = v_scope
          and m.owner = v_owner
          and m.subject = v_subject
          and m.valid_until is null
          and m.id <> v_kept
          and m.id in (select e.value::uuid from jsonb_array_elements_text(f -> 'replaces') e)
        returning m.id
      )
      select coalesce(jsonb_agg(c.id), '[]') into v_replaced from closed c;
    end if;
    v_saved := v_saved
      || jsonb_build_object('id', v_kept, 'text', f ->> 'text', 'isNew', v_is_new, 'replaced', v_replaced);
    v_new := v_new || v_kept;
  end loop;
  v_dropped := app.drop_memories(p_save, v_new);
  if v_dropped <> '{}' then
    v_saved := jsonb_set(v_saved, '{-1, dropped}', to_jsonb(v_dropped));
  end if;
  return v_saved;
end;
$$;
