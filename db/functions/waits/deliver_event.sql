-- Gives the oldest undelivered event of a key to every run that waits for it. Whoever stores an event and
-- whoever stores a wait calls this afterwards, in a transaction of its own: of two such calls at the same
-- moment at least one sees both rows. Runs are locked from the top of their families down. Returns the
-- wake-ups that are owed.
create or replace function app.deliver_event(p_workspace uuid, p_key text)
returns jsonb
language plpgsql
as $$
declare
  e events;
  w record;
  v_wakes jsonb := '[]';
  v_told integer := 0;
  v_runs uuid[];
begin
  perform app.enter_workspace(p_workspace);
  select * into e
  from events
  where workspace_id = p_workspace
    and key = p_key
    and delivered_at is null
    and received_at > clock_timestamp() - interval '1 day'
  order by received_at, id
  limit 1
  for no key update;
  if not found then
    return v_wakes;
  end if;
  select array_agg(distinct o.run_id)
  into v_runs
  from waits o
  where o.workspace_id = p_workspace and o.key = p_key and o.kind = 'event' and o.status = 'open';
  perform app.lock_families(p_workspace, v_runs);
  for w in
    select o.run_id, o.id
    from waits o
    where o.workspace_id = p_workspace
      and o.run_id = any (v_runs)
      and o.key = p_key
      and o.kind = 'event'
      and o.status = 'open'
    order by o.run_id, o.id
  loop
    update waits set
      status = 'resolved',
      value = jsonb_build_object('event', e.payload, 'eventId', e.id, 'receivedAt', e.received_at)
    where workspace_id = p_workspace and run_id = w.run_id and id = w.id and status = 'open';
    if found then
      v_told := v_told + 1;
      v_wakes := v_wakes || app.make_due(p_workspace, w.run_id);
    end if;
  end loop;
  if v_told > 0 then
    update events set delivered_at = clock_timestamp(), delivered_to = v_told
    where workspace_id = p_workspace and id = e.id and expires_on = e.expires_on;
  end if;
  return v_wakes;
end;
$$;
