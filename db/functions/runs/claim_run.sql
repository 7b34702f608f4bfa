-- Takes a run for one invocation. It may be taken when it is owed work and nobody holds it, when its holder's
-- lease has expired, or when the very message that holds it is delivered again with a higher retry count (its
-- earlier attempt is dead). A concurrent duplicate of the same delivery may not. The epoch it returns is the
-- fencing token of everything the holder writes.
--
-- p_parks: whether the caller knows tasks that are parked apart from their superstep. A caller that does not
-- would take such a run for one that has ended; it is told that the run is due in five seconds, so that the
-- queue offers it to a newer process.
--
-- No run of a workspace that is moved to another deployment is taken; its wake-ups are acknowledged.
--
-- Returns {claimed: true, epoch, definition, checkpoint, journal, answers, …} or {claimed: false, status,
-- leased, dueInMs}; null when there is no such run.
create or replace function app.claim_run(
  p_workspace uuid,
  p_run uuid,
  p_message text,
  p_retried integer,
  p_lease_ms integer,
  p_parks boolean
)
returns jsonb
language plpgsql
set plan_cache_mode = 'force_generic_plan'
as $$
declare
  r agent_sessions;
  v_now timestamptz := clock_timestamp();
  -- A timer that fires a moment early must not cost a round through the queue.
  v_due timestamptz := clock_timestamp() + interval '50 milliseconds';
  v_answers jsonb;
begin
  perform app.become_tenant(p_workspace);
  -- Whoever moves the workspace sees to it that its runs are woken where they are then.
  if app.is_moving(p_workspace) then
    return jsonb_build_object('claimed', false, 'status', 'held', 'leased', false, 'dueInMs', 0);
  end if;
  if not p_parks and app.has_parked(p_workspace, p_run) then
    return jsonb_build_object('claimed', false, 'status', 'queued', 'leased', false, 'dueInMs', 5000);
  end if;
  if app.is_crowded(p_workspace, p_run) then
    update agent_sessions s set held = true, due_at = v_now + interval '30 seconds', woken_at = v_now
    where s.workspace_id = p_workspace
      and s.id = p_run
      and s.status in ('queued', 'waiting')
      and s.lease_by is null
      and s.due_at <= v_due;
    return jsonb_build_object('claimed', false, 'status', 'held', 'leased', false, 'dueInMs', 0);
  end if;
  update agent_sessions s set
    status = 'running',
    waiting_on = null,
    held = false,
    epoch = s.epoch + 1,
    crashes = s.crashes + case when s.lease_by is null then 0 else 1 end,
    lease_by = p_message,
    lease_try = p_retried,
    lease_until = v_now + p_lease_ms * interval '1 millisecond',
    started_at = coalesce(s.started_at, v_now)
  where s.workspace_id = p_workspace
    and s.id = p_run
    and not s.pausing
    and (
      (s.status in ('queued', 'retrying', 'running', 'waiting') and s.lease_by is null and s.due_at <= v_due)
      or (
        s.status = 'running'
        and s.lease_by is not null
        and (s.lease_until < v_now or (s.lease_by = p_message and s.lease_try < p_retried))
      )
    )
  returning * into r;

  if not found then
    -- Whoever was at work when a pause was asked for is dead: the pause needs no commit.
    update agent_sessions s set
      status = 'paused',
      pausing = false,
      epoch = s.epoch + 1,
      lease_by = null,
      lease_try = null,
      lease_until = null
    where s.workspace_id = p_workspace
      and s.id = p_run
      and s.pausing
      and s.status = 'running'
      and (s.lease_until < v_now or (s.lease_by = p_message and s.lease_try < p_retried));
    return (
      select jsonb_build_object(
        'claimed', false, 'status', s.status, 'leased', s.lease_by is not null,
        'dueInMs', case
          when isfinite(s.due_at) then greatest(0, extract(epoch from s.due_at - v_now) * 1000)::bigint
          else 0
        end
      )
      from agent_sessions s
      where s.workspace_id = p_workspace and s.id = p_run
    );
  end if;

  -- Timers and approval time-outs that are due become answers.
  update waits w set status = 'resolved', value = w.due_value
  where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'open' and w.due_at <= v_due;
  if found then
    update approvals a set status = 'expired', decided_at = v_now, action = w.value ->> 'action'
    from waits w
    where a.workspace_id = p_workspace
      and a.run_id = p_run
      and a.status = 'open'
      and w.workspace_id = p_workspace
      and w.run_id = p_run
      and w.id = a.wait_id
      and w.status = 'resolved';
  end if;
  select jsonb_object_agg(w.id, w.value)
  into v_answers
  from waits w
  where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'resolved';

  return jsonb_build_object(
    'claimed', true, 'epoch', r.epoch, 'agentType', r.agent_type, 'step', r.step, 'attempt', r.attempt,
    'crashes', r.crashes, 'input', r.input, 'state', r.state, 'trigger', r.trigger,
    'versionId', r.workflow_version_id, 'workflowId', r.workflow_id, 'version', r.version,
    'createdAt', (extract(epoch from r.created_at) * 1000)::bigint,
    'definition', (
      select v.definition
      from workflow_versions v
      where v.workspace_id = p_workspace and v.id = r.workflow_version_id
    ),
    'limits', (select w.limits from workspaces w where w.id = p_workspace),
    'checkpoint', app.newest_checkpoint(p_workspace, p_run::text, r.checkpoints_expire_on),
    'journal', case
      when v_answers is null
        then (
          select jsonb_object_agg(j.key, j.result)
          from journal j
          where j.workspace_id = p_workspace
            and j.run_id = p_run
            and j.superstep >= r.step
            and j.expires_on = r.checkpoints_expire_on
        )
      -- A task that was parked began in an earlier superstep, and an earlier holder may still have stored
      -- what it got for it. The task is called as its wait is.
      else (
        select jsonb_object_agg(j.key, j.result)
        from journal j
        where j.workspace_id = p_workspace
          and j.run_id = p_run
          and j.expires_on = r.checkpoints_expire_on
          and (
            j.superstep >= r.step
            or exists (
              select from jsonb_object_keys(v_answers) as k (id)
              where starts_with(j.key, p_run || '.' || k.id || ':')
            )
          )
      )
    end,
    'answers', v_answers,
    'childWaits', (
      select count(*)
      from waits w
      where w.workspace_id = p_workspace and w.run_id = p_run and w.status = 'open' and w.kind = 'child'
    ),
    'raised', r.raised,
    'hasMonthlyLimits', exists (select 1 from workspaces w where w.id = p_workspace and w.limits ? 'monthly')
      or exists (
        select 1
        from workflows w
        where w.workspace_id = p_workspace and w.id = r.workflow_id and w.limits ? 'monthly'
      ),
    'usage', r.usage, 'depth', r.depth, 'fragment', r.fragment, 'item', r.item, 'childIndex', r.child_index,
    'parentId', r.parent_id, 'forkedFrom', case when r.reuses then r.forked_from end,
    'timeLeftMs', case
      when r.deadline_at is not null then (extract(epoch from r.deadline_at - v_now) * 1000)::bigint
    end,
    'outer', case
      when r.fragment is not null then app.outer_scope(p_workspace, r.parent_id, r.parent_wait)
    end
  );
end;
$$;
