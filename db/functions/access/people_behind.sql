-- Returns the people who stand behind a run: whoever started it, or a run that it comes from, by hand, by an
-- API key of theirs, or by a schedule or webhook of theirs.
create or replace function app.people_behind(p_run uuid)
returns uuid[]
language sql stable
as $$
with recursive origin as (
  select s.id, s.parent_id, s.forked_from, s.trigger
  from agent_sessions s
  where s.workspace_id = app.workspace_id() and s.id = p_run
  union
  select s.id, s.parent_id, s.forked_from, s.trigger
  from origin o
  join agent_sessions s on s.workspace_id = app.workspace_id() and s.id in (o.parent_id, o.forked_from)
),
named as (
  select t.name
  from origin o
  cross join lateral (
    values (o.trigger ->> 'by'), (o.trigger ->> 'redeliveredBy'), (o.trigger ->> 'scheduleId'),
      (o.trigger ->> 'webhookId')
  ) as t (name)
  where t.name is not null
)
select coalesce(array_agg(distinct p.person), '{}')
from named n
cross join lateral (
  select u.user_id as person
  from members u
  where u.workspace_id = app.workspace_id() and u.user_id::text = n.name
  union all
  select k.created_by
  from api_keys k
  where k.workspace_id = app.workspace_id() and k.id::text = n.name
  union all
  select c.created_by
  from schedules c
  where c.workspace_id = app.workspace_id() and c.id::text = n.name
  union all
  select h.created_by
  from webhooks h
  where h.workspace_id = app.workspace_id() and h.id::text = n.name
) p
where p.person is not null;
$$;
