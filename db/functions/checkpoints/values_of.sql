-- Returns the values of a checkpoint's channels, whole. The type is 'lost' where the stored value is missing
-- or has not the length that is written down beside it. In PL/pgSQL, because PostgreSQL before 18 plans a
-- function in SQL at every call.
create or replace function app.values_of(c checkpoints)
returns table (channel text, type text, value text, base text, bytes integer)
language plpgsql stable
as $$
begin
  return query
  select s.key, 'json', s.value #>> '{}', null::text, null::integer
  from jsonb_each(c.small) s
  where jsonb_typeof(s.value) = 'string';
  return query
  select k.key, case when k.is_whole then k.type else 'lost' end, case when k.is_whole then k.value end,
    k.base, octet_length(k.value)
  from (
    select s.key, b.type, b.base, t.value,
      coalesce(jsonb_typeof(s.value) = 'null' or octet_length(t.value) = (s.value)::integer, false)
        and t.value is not null as is_whole
    from jsonb_each(c.small) s
    left join checkpoint_blobs b on b.workspace_id = c.workspace_id
      and b.thread_id = c.thread_id
      and b.checkpoint_ns = c.checkpoint_ns
      and b.channel = s.key
      and b.version = c.checkpoint -> 'channel_versions' ->> s.key
      and b.expires_on = c.expires_on
    cross join lateral app.blob_text(b) t (value)
    where jsonb_typeof(s.value) <> 'string'
  ) k;
  if c.small is null then
    return query
    select b.channel, b.type, t.value, b.base, octet_length(t.value)
    from jsonb_each_text(c.checkpoint -> 'channel_versions') v
    join checkpoint_blobs b on b.workspace_id = c.workspace_id
      and b.thread_id = c.thread_id
      and b.checkpoint_ns = c.checkpoint_ns
      and b.channel = v.key
      and b.version = v.value
      and b.expires_on = c.expires_on
    cross join lateral app.blob_text(b) t (value)
    where b.type <> 'empty';
  end if;
end;
$$;
