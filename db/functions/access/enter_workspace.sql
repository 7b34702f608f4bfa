-- Enters a workspace for the rest of the transaction. A function that calls it runs its later statements
-- under row-level security: one round trip instead of begin, set, query and commit.
--
-- Of a workspace that is moved to another deployment, it lets the transaction do what may still be done here,
-- or may be done already: nothing once it has moved or before it is here, and only reads while it is copied.
-- Later statements that write fail then, whichever table they write to (25006). The copy begins when every
-- transaction that came in before has ended, so none has to be asked twice. CA410 (moved) and CA503 (not here
-- yet) carry the address of the other deployment as their detail; lib/http tells callers.
create or replace function app.enter_workspace(p_workspace uuid)
returns void
language plpgsql
as $$
declare
  m record;
begin
  perform app.become_tenant(p_workspace);
  select w.state, w.other_url into m from workspace_moves w where w.workspace_id = p_workspace;
  if not found then
    return;
  end if;
  if m.state = 'frozen' then
    perform set_config('transaction_read_only', 'on', true);
  elsif m.state = 'moved' then
    raise exception 'the workspace has moved' using errcode = 'CA410', detail = m.other_url;
  elsif m.state = 'arriving' then
    raise exception 'the workspace is not here yet' using errcode = 'CA503', detail = m.other_url;
  end if;
end;
$$;
