-- Browsers of people that are told when a question waits for them. They go with the membership.
create table push_subscriptions (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  -- Of the browser's push service. Whoever knows it and has our key can send there.
  endpoint text not null check (endpoint like 'https://%' and length(endpoint) <= 2048),
  p256dh text not null check (length(p256dh) <= 120),
  auth text not null check (length(auth) <= 40),
  -- As its owner knows it.
  device text not null check (length(device) between 1 and 120),
  created_at timestamptz not null default now(),
  delivered_at timestamptz,
  -- Why the last message was not delivered; null where it was.
  problem text check (length(problem) <= 400),
  primary key (workspace_id, id),
  unique (workspace_id, endpoint),
  foreign key (workspace_id, user_id) references members (workspace_id, user_id) on delete cascade
);
create index push_subscriptions_user on push_subscriptions (workspace_id, user_id);
-- A browser belongs to whoever has subscribed it last, in whatever workspace.
create index system_push_subscriptions_endpoint on push_subscriptions (endpoint);

-- A question that a device was told of, or is to be told of again: stored before it is sent, so that it is sent
-- once. Null due_at: nothing is to be done any more.
create table push_deliveries (
  workspace_id uuid not null,
  subscription_id uuid not null,
  approval_id uuid not null,
  tries smallint not null default 1,
  due_at timestamptz,
  primary key (workspace_id, subscription_id, approval_id),
  foreign key (workspace_id, subscription_id) references push_subscriptions (workspace_id, id)
    on delete cascade,
  foreign key (workspace_id, approval_id) references approvals (workspace_id, id) on delete cascade
);
create index push_deliveries_approval on push_deliveries (workspace_id, approval_id);

-- Hours in which somebody is told nothing, in minutes since midnight by the clock where they are.
create table quiet_hours (
  workspace_id uuid not null,
  user_id uuid not null,
  starts_at smallint not null check (starts_at between 0 and 1439),
  ends_at smallint not null check (ends_at between 0 and 1439 and ends_at <> starts_at),
  timezone text not null check (length(timezone) <= 60),
  primary key (workspace_id, user_id),
  foreign key (workspace_id, user_id) references members (workspace_id, user_id) on delete cascade
);

do $$
declare
  t text;
begin
  foreach t in array array['push_subscriptions', 'push_deliveries', 'quiet_hours'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('grant select, insert, update, delete on %I to app_tenant', t);
    execute format(
      'create policy tenant on %I for all to app_tenant using (workspace_id = (select app.workspace_id()))
        with check (workspace_id = (select app.workspace_id()))', t
    );
  end loop;
end $$;

-- The tick looks for workspaces that have something to tell, and a browser that changes hands leaves its old ones.
grant select (workspace_id, id, user_id, endpoint, created_at), delete on push_subscriptions to app_system;
create policy system on push_subscriptions for all to app_system using (true);
grant select on push_deliveries to app_system;
create policy system on push_deliveries for select to app_system using (true);
grant select (id) on approvals to app_system;
