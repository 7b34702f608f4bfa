-- Lists the runs below a run (those it has started, and theirs) whose rows have changed since a mark, with
-- the steps that lead to each; and the mark from which the next look misses nothing. Transactions with a
-- number below the mark were over, so what they wrote is seen here. A transaction that takes long is told of
-- late, and some changes are told again, but none is left out. At most p_most runs are followed: of each
-- level the earliest, and the levels from above.
create or replace function app.changes_below(p_run uuid, p_since bigint, p_most integer)
returns jsonb
language sql stable
as $$
with recursive below as (
  select first.* from (
    select s.id, s.xmin as row_version, 1 as level, s.created_at, s.child_index,
      jsonb_build_array(app.way_into(s.fragment, s.child_index, s.trigger)) as path
    from agent_sessions s
    where s.workspace_id = app.workspace_id() and s.parent_id = p_run
    order by s.created_at, s.child_index, s.id
    limit p_most + 1
  ) as first
  union all
  select next.* from (
    select s.id, s.xmin, b.level + 1, s.created_at, s.child_index,
      b.path || app.way_into(s.fragment, s.child_index, s.trigger)
    from below b
    join agent_sessions s on s.workspace_id = app.workspace_id() and s.parent_id = b.id
    order by s.created_at, s.child_index, s.id
    limit p_most + 1
  ) as next
),
followed as (
  select b.*, row_number() over (order by b.level, b.created_at, b.child_index, b.id) as place
  from below b
),
-- A mark from beyond what is now comes from another database: it says nothing here.
given as (
  select case when p_since <= pg_snapshot_xmax(pg_current_snapshot())::text::bigint then p_since else 0 end
    as since
)
select jsonb_build_object(
  'since', g.since::text,
  'mark', pg_snapshot_xmin(pg_current_snapshot())::text,
  'whole', (select count(*) <= p_most from followed),
  'changed', (
    select coalesce(jsonb_agg(jsonb_build_object('runId', f.id, 'path', f.path) order by f.place), '[]')
    from followed f
    where f.place <= p_most and app.change_number(f.row_version) >= g.since
  )
)
from given g;
$$;
