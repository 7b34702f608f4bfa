-- Stores what a run waits for, and starts the runs it waits for. A superstep that is tried again asks the
-- same again: the first time counts.
--
-- A run that continues from another has its child runs continue from the other's: the one with the same input
-- or item, else the one in the same place. A run that is started has the time that its step and its workflow
-- give it, and not more than what is left of the run that starts it.
--
-- A budget that is used up is asked about once: who comes later waits for the same answer. The open question
-- is locked then, so that whoever decides it sees this wait.
--
-- Returns the wake-ups that the started runs are owed.
create or replace function app.open_waits(r agent_sessions, p_waits jsonb, p_now timestamptz)
returns jsonb
language plpgsql
as $$
declare
  v_wakes jsonb := '[]';
begin
  with asked as (
    insert into waits (
      workspace_id, run_id, id, kind, step, due_at, due_value, key, pending, policy, seen, budget
    )
    select r.workspace_id, r.id, w.id, w.kind, w.step, p_now + w."dueInMs" * interval '1 millisecond',
      w."dueValue", w.key, jsonb_array_length(w.children -> 'runs'), w.children ->> 'policy',
      w.children -> 'seen',
      case
        when w.approval ->> 'subject' = 'budget' and w.approval ->> 'subjectId' like '%:%'
          then w.approval ->> 'subjectId'
      end
    from jsonb_to_recordset(p_waits) as w (
      id text, kind text, step text, "dueInMs" bigint, "dueValue" jsonb, key text, children jsonb,
      approval jsonb
    )
    on conflict (workspace_id, run_id, id) do update set
      kind = excluded.kind,
      status = 'open',
      due_at = excluded.due_at,
      due_value = excluded.due_value,
      value = null,
      key = excluded.key,
      pending = excluded.pending,
      policy = excluded.policy,
      seen = excluded.seen,
      budget = excluded.budget,
      created_at = excluded.created_at
    -- Answered and taken in: the same task asks something else now.
    where waits.status = 'consumed'
    returning id, budget
  ),
  questions as (
    insert into approvals (
      workspace_id, id, run_id, wait_id, step, title, description, shown, actions, form, due_at, subject,
      subject_id, self_approval
    )
    -- Of several that wait for one budget the first asks.
    select distinct on (coalesce(asked.budget, ' ' || asked.id)) r.workspace_id, gen_random_uuid(), r.id,
      w.id, w.step, w.approval ->> 'title', w.approval ->> 'description', w.approval -> 'shown',
      array(select jsonb_array_elements_text(w.approval -> 'actions')), w.approval -> 'form',
      p_now
        + coalesce((w.approval ->> 'dueInMs')::bigint, w."dueInMs") * interval '1 millisecond',
      coalesce(w.approval ->> 'subject', 'step'),
      w.approval ->> 'subjectId', coalesce((w.approval ->> 'selfApproval')::boolean, true)
    from jsonb_to_recordset(p_waits) as w (id text, step text, "dueInMs" bigint, approval jsonb)
    join asked on asked.id = w.id
    where w.approval is not null
    order by coalesce(asked.budget, ' ' || asked.id), w.id
    on conflict (workspace_id, subject_id)
      where status = 'open' and subject = 'budget' and subject_id like '%:%'
    do update set title = approvals.title
  ),
  -- What the run that this one was forked from has started for the same steps.
  before as materialized (
    select o.id, w.step, o.input, o.item -> 'item' as item, o.child_index, o.created_at
    from waits w
    join agent_sessions o on o.workspace_id = w.workspace_id
      and o.parent_id = w.run_id
      and o.parent_wait = w.id
    where r.reuses and w.workspace_id = r.workspace_id and w.run_id = r.forked_from
  ),
  started as (
    insert into agent_sessions (
      workspace_id, id, agent_type, status, workflow_id, workflow_version_id, version, input, trigger,
      parent_id, parent_wait, child_index, fragment, item, depth, priority, deadline_at, due_at, forked_from,
      reuses, is_try
    )
    select r.workspace_id, (c.run ->> 'id')::uuid, c.run ->> 'agentType', 'queued',
      (c.run ->> 'workflowId')::uuid, (c.run ->> 'versionId')::uuid, (c.run ->> 'version')::integer,
      coalesce(c.run -> 'input', '{}'),
      jsonb_strip_nulls(
        jsonb_build_object('kind', 'run', 'runId', r.id, 'step', w.step, 'by', r.trigger ->> 'by')
      ),
      r.id, w.id, c.ord - 1, c.run ->> 'fragment', c.run -> 'item', r.depth + 1, r.priority,
      least(r.deadline_at, p_now + (c.run ->> 'timeoutMs')::double precision * interval '1 millisecond'),
      -- Those beyond the bound start when others have ended.
      case when c.ord <= (w.children ->> 'parallel')::integer then p_now else 'infinity' end,
      origin.id, origin.id is not null, r.is_try
    from jsonb_to_recordset(p_waits) as w (id text, step text, children jsonb)
    join asked on asked.id = w.id
    cross join lateral jsonb_array_elements(w.children -> 'runs') with ordinality as c (run, ord)
    left join lateral (
      select b.id
      from before b
      where b.step = w.step
      order by b.input = coalesce(c.run -> 'input', '{}')
        and b.item is not distinct from c.run -> 'item' -> 'item' desc,
        b.child_index = c.ord - 1 desc, b.created_at desc
      limit 1
    ) origin on true
    where w.children is not null
    returning id, wakes, due_at
  )
  select coalesce(
    jsonb_agg(jsonb_build_object('runId', s.id, 'wakes', s.wakes, 'priority', r.priority)), '[]'
  )
  into v_wakes
  from started s
  where s.due_at <> 'infinity';
  return v_wakes;
end;
$$;
