-- Tells whether no run of a workspace may be taken here: it is about to leave, has left, or has not arrived.
create or replace function app.is_moving(p_workspace uuid)
returns boolean
language sql stable
as $$
select exists (
  select from workspace_moves m where m.workspace_id = p_workspace and m.state <> 'arrived'
);
$$;
