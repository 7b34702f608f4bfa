-- Returns runs that are owed a wake-up for longer than the grace, or whose holder has died, and notes that
-- they are woken. Workspaces take turns, and within one the higher priority comes first. SKIP LOCKED:
-- concurrent sweeps do not fight.
create or replace function app.sweep_runs(p_grace_ms integer, p_limit integer)
returns table (workspace_id uuid, id uuid, wakes integer, priority text)
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  with owed as (
    select s.workspace_id, s.id, s.due_at, s.priority
    from agent_sessions s
    where s.status in ('queued', 'running', 'retrying', 'waiting')
      and (
        (
          s.lease_by is null
          and s.due_at <= clock_timestamp()
          and s.woken_at < clock_timestamp() - p_grace_ms * interval '1 millisecond'
        )
        or (s.lease_by is not null and s.lease_until < clock_timestamp())
      )
    -- Those beyond are older by their wake-ups the next time.
    order by s.due_at
    limit 10 * p_limit
  ),
  in_turn as (
    select o.workspace_id, o.id, o.due_at,
      row_number() over (
        partition by o.workspace_id order by array_position(array['high', 'normal', 'low'], o.priority),
        o.due_at
      ) as turn
    from owed o
  ),
  chosen as (
    select s.workspace_id, s.id
    from agent_sessions s
    join (
      select t.workspace_id, t.id from in_turn t order by t.turn, t.due_at limit p_limit
    ) c on c.workspace_id = s.workspace_id
      and c.id = s.id
    for no key update of s skip locked
  )
  update agent_sessions s set woken_at = clock_timestamp(), wakes = s.wakes + 1
  from chosen
  where s.workspace_id = chosen.workspace_id and s.id = chosen.id
  returning s.workspace_id, s.id, s.wakes, s.priority;
end;
$$;
