-- Returns the newest checkpoint of a thread with its channel values and pending writes, as the checkpointer
-- reads it; {lost: true} where checkpoints were stored and none is there; null for a run that has none yet.
-- In PL/pgSQL, because PostgreSQL before 18 plans a function in SQL at every call.
create or replace function app.newest_checkpoint(p_workspace uuid, p_thread text, p_expires date)
returns jsonb
language plpgsql stable
as $$
declare
  c checkpoints;
begin
  select * into c
  from checkpoints o
  where o.workspace_id = p_workspace
    and o.thread_id = p_thread
    and o.checkpoint_ns = ''
    and o.expires_on = p_expires
  order by o.checkpoint_id desc
  limit 1;
  if not found then
    return (
      select jsonb_build_object('lost', true)
      from agent_sessions s
      where s.workspace_id = p_workspace and s.id = p_thread::uuid and s.checkpoint_rows > 0
    );
  end if;
  return jsonb_build_object(
    'thread_id', c.thread_id, 'checkpoint_ns', c.checkpoint_ns, 'checkpoint_id', c.checkpoint_id,
    'parent_checkpoint_id', c.parent_checkpoint_id, 'checkpoint', c.checkpoint, 'metadata', c.metadata,
    'blobs', (select jsonb_agg(to_jsonb(v)) from app.values_of(c) v),
    'writes', (
      select jsonb_agg(
        jsonb_build_object(
          'task_path', w.task_path, 'task_id', w.task_id, 'idx', w.idx, 'channel', w.channel, 'type', w.type,
          'value', w.value
        )
      )
      from checkpoint_writes w
      where w.workspace_id = p_workspace
        and w.thread_id = p_thread
        and w.checkpoint_ns = ''
        and w.checkpoint_id = c.checkpoint_id
        and w.expires_on = p_expires
    )
  );
end;
$$;
