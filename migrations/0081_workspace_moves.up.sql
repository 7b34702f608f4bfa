-- A workspace that is on its way from or to another deployment, or has gone or come: one row in each of the
-- two, with one id. `npm run move` alone writes it, as the owner.
create table workspace_moves (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  id uuid not null,
  state text not null check (state in ('draining', 'frozen', 'moved', 'arriving', 'arrived')),
  -- Where the other deployment is reached, and what its region is called.
  other_url text not null check (length(other_url) <= 2048),
  other_region text,
  -- Of the webhooks that have moved: their addresses answer with the new one when their rows are gone.
  webhook_hashes text[] not null default '{}',
  begun_at timestamptz not null default now(),
  ended_at timestamptz,
  -- When what it has left behind was deleted.
  emptied_at timestamptz
);
alter table workspace_moves enable row level security;
alter table workspace_moves force row level security;
grant select on workspace_moves to app_tenant, app_system;
create policy tenant on workspace_moves for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
create policy system on workspace_moves for select to app_system using (true);

-- What the tick and the sweeper look through has nothing of a workspace that is run elsewhere, or nowhere
-- now. The list is read once a statement.
do $$
declare
  p record;
begin
  for p in
    select c.relname as name, y.polname as policy
    from pg_policy y
    join pg_class c on c.oid = y.polrelid
    where c.relname in (
        'agent_sessions', 'schedules', 'events', 'waits', 'approvals', 'remote_tasks', 'push_deliveries'
      )
      and 'app_system'::regrole = any (y.polroles)
  loop
    execute format(
      'alter policy %I on %I using (workspace_id <> all (array('
      'select m.workspace_id from workspace_moves m where m.state <> %L)))', p.policy, p.name, 'arrived'
    );
  end loop;
end $$;

-- The files of db/functions replace them in this transaction.
create function app.become_tenant(p_workspace uuid) returns void language sql as 'select';
create function app.is_moving(p_workspace uuid) returns boolean language sql as 'select false';
