-- An API key acts for the person who made it: never for more than they may do, and not at all once they have left the workspace.
-- Keys of which nobody knows the maker, because another key made them, are the owner's from now on, or else the first admin's.
alter table api_keys no force row level security;
alter table workspaces no force row level security;
alter table members no force row level security;
update api_keys k set created_by = (
  select m.user_id from members m join workspaces w on w.id = m.workspace_id
  where m.workspace_id = k.workspace_id and m.role = 'admin' order by (m.user_id = w.owner_id) desc nulls last, m.created_at limit 1)
where k.created_by is null;
alter table members force row level security;
alter table workspaces force row level security;
alter table api_keys force row level security;

-- The workspace, the scopes and the maker of an API key, and a note that it is in use (kept to the minute: a write for every call would be one too many).
create or replace function app.identify_key(p_hash text) returns jsonb language plpgsql as $$
declare
  k record;
begin
  perform set_config('role', 'app_system', true);
  select a.workspace_id, a.id, a.scopes, m.user_id, m.role into k
  from api_keys a join members m on m.workspace_id = a.workspace_id and m.user_id = a.created_by
  where a.hash = p_hash and a.revoked_at is null;
  if not found then
    return null;
  end if;
  perform app.enter_workspace(k.workspace_id);
  update api_keys a set last_used_at = now()
  where a.workspace_id = k.workspace_id and a.id = k.id and (a.last_used_at is null or a.last_used_at < now() - interval '1 minute');
  return jsonb_build_object('keyId', k.id, 'workspaceId', k.workspace_id, 'scopes', to_jsonb(k.scopes), 'makerId', k.user_id, 'makerRole', k.role);
end $$;

-- The people who stand behind a run: whoever started it, or a run that it comes from, by hand, by a key of theirs, or by a schedule or webhook of theirs.
create function app.people_behind(p_run uuid) returns uuid[] language sql stable as $$
  with recursive origin as (
    select s.id, s.parent_id, s.forked_from, s.trigger from agent_sessions s where s.workspace_id = app.workspace_id() and s.id = p_run
    union
    select s.id, s.parent_id, s.forked_from, s.trigger from origin o
    join agent_sessions s on s.workspace_id = app.workspace_id() and s.id in (o.parent_id, o.forked_from)
  ),
  named as (
    select t.name from origin o cross join lateral (
      values (o.trigger ->> 'by'), (o.trigger ->> 'redeliveredBy'), (o.trigger ->> 'scheduleId'), (o.trigger ->> 'webhookId')) as t (name)
    where t.name is not null
  )
  select coalesce(array_agg(distinct p.person), '{}') from named n cross join lateral (
    select u.user_id as person from members u where u.workspace_id = app.workspace_id() and u.user_id::text = n.name
    union all select k.created_by from api_keys k where k.workspace_id = app.workspace_id() and k.id::text = n.name
    union all select c.created_by from schedules c where c.workspace_id = app.workspace_id() and c.id::text = n.name
    union all select h.created_by from webhooks h where h.workspace_id = app.workspace_id() and h.id::text = n.name) p
  where p.person is not null
$$;
grant execute on function app.people_behind(uuid) to app_tenant;

-- What was done stays written down.
revoke update, delete on audit_log from app_tenant;

-- The requests that were made under a key of their caller's: the same key means the same request, and what it makes has the same id.
create table idempotency_keys (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  -- Method and path.
  operation text not null,
  key text not null,
  -- SHA-256 of the body.
  fingerprint text not null,
  made_id uuid not null,
  at timestamptz not null default now(),
  primary key (workspace_id, operation, key)
);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
grant select, insert, delete on idempotency_keys to app_tenant;
create policy tenant on idempotency_keys for all to app_tenant using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
grant select (at), delete on idempotency_keys to app_system;
create policy system on idempotency_keys for all to app_system using (true) with check (true);

-- When the identity provider last told of a person, an organization or a membership, by its own clock, and whether they were gone then.
-- Its events come in any order: what is older than this is history, and does not bring back what was deleted.
create table identity_news (
  -- user_…, org_…, or both with a space in between.
  subject text primary key,
  told_at timestamptz not null,
  gone boolean not null
);
alter table identity_news enable row level security;
alter table identity_news force row level security;
grant select, insert, update, delete on identity_news to app_system;
create policy system on identity_news for all to app_system using (true) with check (true);
