-- A line of a run's log takes the words of the vocabulary only, as every other column of words does. Not valid: lines that are
-- stored already are the engine's own and are not looked at again, so that nobody waits for a scan of all logs.
alter table agent_logs
  add constraint agent_logs_kind_check check (kind in ('step', 'model', 'tool', 'approval', 'run')) not valid,
  add constraint agent_logs_status_check check (status in ('succeeded', 'failed', 'retrying', 'waiting', 'cancelled')) not valid;
