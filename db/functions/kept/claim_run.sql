-- kept until 0.2.0: processes that know nothing of parked tasks claim by this signature while a deployment
-- rolls.
--
-- Takes a run as app.claim_run with p_parks false, and counts its waits under the name that those processes
-- read.
create or replace function app.claim_run(
  p_workspace uuid,
  p_run uuid,
  p_message text,
  p_retried integer,
  p_lease_ms integer
)
returns jsonb
language sql
as $$
select c.answer || jsonb_build_object('openWaits', c.answer -> 'childWaits')
from app.claim_run(p_workspace, p_run, p_message, p_retried, p_lease_ms, false) as c (answer);
$$;
