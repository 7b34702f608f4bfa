-- The hosts that a secret may be sent to. Null: nobody has said, and it is sent nowhere until somebody does.
alter table secrets add column hosts text[] check (cardinality(hosts) between 1 and 50);

-- Secrets from before keep going where the published versions of their workspace send them, as far as the host is written out, and nowhere else.
alter table secrets no force row level security;
alter table workflows no force row level security;
alter table workflow_versions no force row level security;
with
  sending as (
    select v.workspace_id, step, lower(substring(coalesce(step ->> 'url', step -> 'input' ->> 'url') from '^https?://([^/?#{}@\s]+)')) as host
    from workflows w
    join workflow_versions v on v.workspace_id = w.workspace_id and v.workflow_id = w.id and v.version = w.published_version
    cross join jsonb_path_query(v.definition, '$.** ? (@.type == "http" || @.type == "tool")') as step
  ),
  used as (
    select s.workspace_id, s.name, array_agg(distinct sending.host) as hosts
    from secrets s
    join sending on sending.workspace_id = s.workspace_id and sending.host is not null and sending.step::text ~ ('\msecrets\.' || s.name || '\M')
    group by s.workspace_id, s.name
  )
update secrets s set hosts = used.hosts[1:50] from used where used.workspace_id = s.workspace_id and used.name = s.name;
alter table secrets force row level security;
alter table workflows force row level security;
alter table workflow_versions force row level security;
