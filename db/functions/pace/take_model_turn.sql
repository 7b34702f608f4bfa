-- Gives a request to a model its turn, where a run may make only so many a minute. A run shares its limits
-- with all that the run at the top of its family has started, in whatever process; they take turns here.
--
-- No minute, wherever it begins, sees more requests of a pace than it allows: a request is let through when
-- fewer than that were in the minute before it, and none is let through that would take the place of one
-- that waits. What has to wait is promised the first moment that is free, and comes again then.
--
-- p_ask: {key, paces: [{name, perMinute}]}. p_now: null but in tests.
--
-- Returns 0 when the request may be made now, which counts it; else the milliseconds until it may.
create or replace function app.take_model_turn(p_workspace uuid, p_run uuid, p_ask jsonb, p_now timestamptz)
returns integer
language plpgsql
as $$
declare
  v_key text := p_ask ->> 'key';
  v_root uuid;
  v_now timestamptz;
  v_promised timestamptz;
  v_at timestamptz;
begin
  perform app.enter_workspace(p_workspace);
  select a.run_id into v_root from app.limits_above(p_workspace, p_run) a where a.is_root;
  perform pg_advisory_xact_lock(hashtextextended('pace ' || v_root::text, 0));
  -- Read when the turn has come, and not when it was asked for.
  v_now := coalesce(p_now, clock_timestamp());
  delete from model_turns t
  where t.workspace_id = p_workspace and t.run_id = v_root and t.at <= v_now - interval '1 minute';
  select max(t.at)
  into v_promised
  from model_turns t
  where t.workspace_id = p_workspace and t.run_id = v_root and t.key = v_key;
  -- Before its moment it is not let through; at its moment nobody else's promise is in its way.
  if v_promised > v_now then
    v_at := v_promised;
  else
    delete from model_turns t
    where t.workspace_id = p_workspace and t.run_id = v_root and t.key = v_key;
    select greatest(v_now, max(free.at))
    into v_at
    from jsonb_to_recordset(p_ask -> 'paces') as p (name text, "perMinute" integer)
    cross join lateral (
      select t.at + interval '1 minute' as at
      from model_turns t
      where t.workspace_id = p_workspace
        and t.run_id = v_root
        and t.pace = p.name
        and (t.key is null or v_promised is null)
      order by t.at desc
      offset p."perMinute" - 1
      limit 1
    ) free;
    insert into model_turns (workspace_id, run_id, pace, key, at)
    select p_workspace, v_root, p.name, case when v_at > v_now then v_key end, v_at
    from jsonb_to_recordset(p_ask -> 'paces') as p (name text);
  end if;
  return ceil(extract(epoch from v_at - v_now) * 1000)::integer;
end;
$$;
