-- Returns workspaces in which a device may have to be told of an open question: it was asked within the
-- last day, after the device was there, and the device was not told, or is to be told again. Whose turn it
-- is, is decided where the workspace is entered; in no order, so that none that has to wait keeps others
-- waiting.
create or replace function app.workspaces_to_tell(p_limit integer)
returns table (workspace_id uuid)
language plpgsql
as $$
begin
  perform set_config('role', 'app_system', true);
  return query
  select s.workspace_id
  from (select distinct p.workspace_id from push_subscriptions p) s
  where exists (
    select
    from approvals a
    join push_subscriptions p on p.workspace_id = a.workspace_id
    where a.workspace_id = s.workspace_id
      and a.status = 'open'
      and a.requested_at > now() - interval '1 day'
      and a.requested_at > p.created_at
      and not exists (
        select
        from push_deliveries d
        where d.workspace_id = a.workspace_id
          and d.subscription_id = p.id
          and d.approval_id = a.id
          and (d.due_at is null or d.due_at > clock_timestamp())
      )
  )
  order by random()
  limit p_limit;
end;
$$;
