-- As before: every value a blob.
alter function app.claim_run(uuid, uuid, text, integer, integer) reset plan_cache_mode;
alter function app.commit_superstep(uuid, uuid, bigint, jsonb) reset plan_cache_mode;
drop function app.commit_superstep(uuid, uuid, bigint, text, integer, integer, boolean, bigint, integer, jsonb, jsonb, jsonb, jsonb, jsonb);
drop function app.add_usage(jsonb, jsonb);

alter table checkpoints no force row level security;
alter table checkpoint_blobs no force row level security;
insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value, expires_on)
select c.workspace_id, c.thread_id, c.checkpoint_ns, v.key, c.checkpoint -> 'channel_versions' ->> v.key, 'json', v.value, c.expires_on
from checkpoints c cross join lateral jsonb_each_text(c.small) v where v.value is not null
on conflict do nothing;
alter table checkpoints force row level security;
alter table checkpoint_blobs force row level security;

create or replace function app.newest_checkpoint(p_workspace uuid, p_thread text, p_expires date) returns jsonb language plpgsql stable as $$
declare
  c checkpoints;
begin
  select * into c from checkpoints o
  where o.workspace_id = p_workspace and o.thread_id = p_thread and o.checkpoint_ns = '' and o.expires_on = p_expires
  order by o.checkpoint_id desc limit 1;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    'thread_id', c.thread_id, 'checkpoint_ns', c.checkpoint_ns, 'checkpoint_id', c.checkpoint_id, 'parent_checkpoint_id', c.parent_checkpoint_id, 'checkpoint', c.checkpoint, 'metadata', c.metadata,
    'blobs', (
      select jsonb_agg(jsonb_build_object('channel', b.channel, 'type', b.type, 'value', app.blob_text(b), 'base', b.base))
      from jsonb_each_text(c.checkpoint -> 'channel_versions') v
      join checkpoint_blobs b on b.workspace_id = p_workspace and b.thread_id = p_thread and b.checkpoint_ns = '' and b.channel = v.key and b.version = v.value
        and b.expires_on = p_expires
      where b.type <> 'empty'),
    'writes', (
      select jsonb_agg(jsonb_build_object('task_path', w.task_path, 'task_id', w.task_id, 'idx', w.idx, 'channel', w.channel, 'type', w.type,
        'value', w.value))
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = p_thread and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id and w.expires_on = p_expires));
end $$;

-- Makes a run that goes on from where another one stood. p_fork: {id, origin, superstep | null, state: {channel: text}, versionId?, version?, agentType?,
-- input?, trigger, reuses}. Without a superstep it goes on from the newest checkpoint, and branches that were done stay done. `fresh` begins anew.
-- Returns the wake-up that is owed; a word that says why there is none.
create or replace function app.fork_run(p_workspace uuid, p_fork jsonb) returns jsonb language plpgsql as $$
declare
  o agent_sessions;
  c checkpoints;
  n agent_sessions;
  v_id uuid := (p_fork ->> 'id')::uuid;
  v_fresh boolean := (p_fork ->> 'fresh')::boolean;
  v_step integer := coalesce((p_fork ->> 'superstep')::integer, 0);
  v_state jsonb := '{}';
begin
  perform app.enter_workspace(p_workspace);
  select * into o from agent_sessions s where s.workspace_id = p_workspace and s.id = (p_fork ->> 'origin')::uuid and s.workflow_id is not null;
  if not found then
    return jsonb_build_object('refused', 'not-found');
  end if;
  if o.parent_id is not null then
    return jsonb_build_object('refused', 'child', 'parentId', o.parent_id);
  end if;
  if not v_fresh then
    select k.* into c from checkpoints k
    where k.workspace_id = p_workspace and k.thread_id = o.id::text and k.checkpoint_ns = '' and k.expires_on = o.checkpoints_expire_on
      and (p_fork ->> 'superstep' is null or (k.metadata ->> 'step')::integer = v_step)
    order by k.checkpoint_id desc limit 1;
    -- A run that failed before its first checkpoint begins anew. One whose checkpoints are not kept any more does not.
    v_fresh := not found;
    if v_fresh and (p_fork ->> 'superstep' is not null or o.step > 0) then
      return jsonb_build_object('refused', 'no-checkpoint');
    end if;
  end if;
  if not v_fresh then
    v_step := case when p_fork ->> 'superstep' is null then o.step else v_step end;
    insert into checkpoints (workspace_id, thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
    values (p_workspace, v_id::text, '', c.checkpoint_id, null, c.checkpoint, c.metadata || '{"source": "fork"}');
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
    select p_workspace, v_id::text, '', b.channel, b.version, case when p_fork -> 'state' ? b.channel then 'json' else b.type end,
      coalesce(p_fork -> 'state' ->> b.channel, app.blob_text(b))
    from jsonb_each_text(c.checkpoint -> 'channel_versions') v
    join checkpoint_blobs b on b.workspace_id = p_workspace and b.thread_id = o.id::text and b.checkpoint_ns = '' and b.channel = v.key and b.version = v.value
      and b.expires_on = c.expires_on;
    -- Keys that nothing had been saved to get a version of their own.
    update checkpoints k set checkpoint = jsonb_set(k.checkpoint, '{channel_versions}', (k.checkpoint -> 'channel_versions') || (
      select coalesce(jsonb_object_agg(e.key, '000000000001.fork'), '{}') from jsonb_each_text(p_fork -> 'state') e where not c.checkpoint -> 'channel_versions' ? e.key))
    where k.workspace_id = p_workspace and k.thread_id = v_id::text;
    insert into checkpoint_blobs (workspace_id, thread_id, checkpoint_ns, channel, version, type, value)
    select p_workspace, v_id::text, '', e.key, '000000000001.fork', 'json', e.value
    from jsonb_each_text(p_fork -> 'state') e where not c.checkpoint -> 'channel_versions' ? e.key;
    if p_fork ->> 'superstep' is null then
      -- What a branch asked or got wrong is asked and tried again.
      insert into checkpoint_writes (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type, value)
      select p_workspace, v_id::text, '', w.checkpoint_id, w.task_id, w.task_path, w.idx, w.channel, w.type, w.value
      from checkpoint_writes w
      where w.workspace_id = p_workspace and w.thread_id = o.id::text and w.checkpoint_ns = '' and w.checkpoint_id = c.checkpoint_id
        and w.expires_on = c.expires_on and w.channel not in ('__interrupt__', '__error__');
    end if;
    select coalesce(jsonb_object_agg(substr(b.channel, 7), b.value::jsonb), '{}') into v_state
    from checkpoint_blobs b where b.workspace_id = p_workspace and b.thread_id = v_id::text and b.channel like 'state.%' and b.value is not null;
  end if;

  insert into agent_sessions (workspace_id, id, agent_type, status, state, workflow_id, workflow_version_id, version, input, trigger, step, forked_from,
    forked_step, reuses, priority, idempotency_key)
  values (p_workspace, v_id, coalesce(p_fork ->> 'agentType', o.agent_type), 'queued', v_state, o.workflow_id, coalesce((p_fork ->> 'versionId')::uuid, o.workflow_version_id),
    case when p_fork ? 'version' then (p_fork ->> 'version')::integer else o.version end, coalesce(p_fork -> 'input', o.input), p_fork -> 'trigger',
    case when v_fresh then 0 else v_step end, o.id, case when v_fresh then 0 else v_step end, (p_fork ->> 'reuses')::boolean, o.priority, p_fork ->> 'idempotencyKey')
  on conflict (workspace_id, idempotency_key) do nothing
  returning * into n;
  if not found then
    -- The same request again: its copies are taken back, the run it made is the answer.
    delete from checkpoint_writes where workspace_id = p_workspace and thread_id = v_id::text;
    delete from checkpoint_blobs where workspace_id = p_workspace and thread_id = v_id::text;
    delete from checkpoints where workspace_id = p_workspace and thread_id = v_id::text;
    select * into n from agent_sessions s where s.workspace_id = p_workspace and s.idempotency_key = p_fork ->> 'idempotencyKey';
    return jsonb_build_object('runId', n.id, 'wakes', n.wakes, 'priority', n.priority);
  end if;
  if not v_fresh then
    with taken as (
      insert into agent_logs (workspace_id, id, session_id, seq, step, kind, status, task_id, superstep, attempt, input, output, error, started_at, duration_ms,
        model, input_tokens, output_tokens, cost_usd, timestamp, reused)
      select p_workspace, gen_random_uuid(), v_id, row_number() over (order by l.seq), l.step, l.kind, l.status, l.task_id, l.superstep, l.attempt, l.input, l.output, l.error,
        l.started_at, l.duration_ms, l.model, l.input_tokens, l.output_tokens, l.cost_usd, l.timestamp, true
      from agent_logs l
      where l.workspace_id = p_workspace and l.session_id = o.id and l.expires_on = o.logs_expire_on and l.status = 'succeeded'
        and (l.superstep < v_step or (p_fork ->> 'superstep' is null and l.superstep = v_step))
      returning input_tokens, output_tokens, cost_usd, coalesce(pg_column_size(input), 0) + coalesce(pg_column_size(output), 0) + 200 as bytes)
    update agent_sessions s set log_seq = t.rows, log_bytes = t.bytes, usage = s.usage || jsonb_build_object('savedUsd', t.cost, 'savedTokens', t.tokens)
    from (select count(*) as rows, coalesce(sum(bytes), 0) as bytes, coalesce(sum(cost_usd), 0) as cost, coalesce(sum(input_tokens + output_tokens), 0) as tokens from taken) t
    where s.workspace_id = p_workspace and s.id = v_id;
  end if;
  return jsonb_build_object('runId', v_id, 'wakes', n.wakes, 'priority', n.priority);
end $$;

drop function app.values_of(checkpoints);
alter table checkpoints drop column small;

create or replace function app.delete_checkpoints() returns trigger language plpgsql as $$
declare
  v_role text := current_setting('role');
  v_workspace text := current_setting('app.workspace_id', true);
begin
  perform app.enter_workspace(old.id);
  delete from checkpoint_writes where workspace_id = old.id;
  delete from checkpoint_blobs where workspace_id = old.id;
  delete from checkpoints where workspace_id = old.id;
  perform set_config('role', v_role, true), set_config('app.workspace_id', coalesce(v_workspace, ''), true);
  return null;
end $$;
alter table agent_sessions drop constraint agent_sessions_sound;
drop function app.is_sound_run(text, text, text, text, boolean, boolean);
alter table agent_sessions
  add check (agent_type in ('direct', 'crew', 'graph', 'ingest')),
  add check (status in ('queued', 'running', 'retrying', 'waiting', 'paused', 'succeeded', 'failed', 'timed_out', 'cancelled')),
  add check (waiting_on in ('approval', 'timer', 'event', 'child')),
  add check (priority in ('high', 'normal', 'low')),
  add check ((finished_at is not null) = (status in ('succeeded', 'failed', 'timed_out', 'cancelled'))),
  add check ((waiting_on is not null) = (status = 'waiting')),
  add check (lease_by is null or status = 'running');
drop trigger delete_logs on agent_sessions;
drop function app.delete_logs();
alter table agent_logs add foreign key (workspace_id, session_id) references agent_sessions (workspace_id, id) on delete cascade;
grant execute on all functions in schema app to app_runtime, app_tenant, app_system;
