-- Returns the whole text of a blob. A value that grows by its end is stored as a base and tails.
create or replace function app.blob_text(b checkpoint_blobs)
returns text
language plpgsql stable
as $$
begin
  if b.base is null then
    return b.value;
  end if;
  -- A tail takes the place of the last character, which closes a list or an object.
  return (
    select string_agg(
      case when t.version = b.version then t.value else left(t.value, -1) end, '' order by t.version
    )
    from checkpoint_blobs t
    where t.workspace_id = b.workspace_id
      and t.thread_id = b.thread_id
      and t.checkpoint_ns = b.checkpoint_ns
      and t.channel = b.channel
      and t.version >= b.base
      and t.version <= b.version
      and (t.version = b.base or t.base = b.base)
      and t.expires_on = b.expires_on
  );
end;
$$;
