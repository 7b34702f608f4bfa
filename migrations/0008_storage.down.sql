drop function storage.done();
drop function storage.is_due();
drop function storage.maintain();
drop function storage.horizon(text);
drop policy owner on workspaces;
drop policy owner on agent_sessions;
drop function app.expire_runs(integer);
drop function app.keep_runs(date, integer);
drop function app.kept_runs(date);
-- Tails become whole values again.
alter table checkpoint_blobs no force row level security;
create table blobs_before as select b.workspace_id, b.thread_id, b.checkpoint_ns, b.channel, b.version, b.type, app.blob_text(b) as value from checkpoint_blobs b;
drop function app.blob_text(checkpoint_blobs);
update checkpoint_blobs b set value = o.value from blobs_before o
where b.base is not null and (b.workspace_id, b.thread_id, b.checkpoint_ns, b.channel, b.version) = (o.workspace_id, o.thread_id, o.checkpoint_ns, o.channel, o.version);
drop table blobs_before;
alter table checkpoint_blobs drop column base;

do $$
declare
  t text;
begin
  foreach t in array array['agent_logs', 'checkpoints', 'checkpoint_blobs', 'checkpoint_writes', 'journal', 'webhook_deliveries', 'events'] loop
    execute format('alter table %I no force row level security', t);
    execute format('create table %I (like %I including defaults)', t || '_whole', t);
    execute format('insert into %I select * from %I', t || '_whole', t);
    execute format('drop table %I', t);
    execute format('alter table %I rename to %I', t || '_whole', t);
    execute format('alter table %I drop column expires_on', t);
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('grant select, insert, update, delete on %I to app_tenant', t);
    execute format(
      'create policy tenant on %I for all to app_tenant using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()))', t);
  end loop;
end $$;
alter table agent_logs add primary key (workspace_id, id), add unique (workspace_id, session_id, seq),
  add foreign key (workspace_id, session_id) references agent_sessions (workspace_id, id) on delete cascade;
alter table checkpoints add primary key (workspace_id, thread_id, checkpoint_ns, checkpoint_id);
alter table checkpoint_blobs add primary key (workspace_id, thread_id, checkpoint_ns, channel, version);
alter table checkpoint_writes add primary key (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx);
alter table journal add primary key (workspace_id, run_id, key),
  add foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade;
create index journal_by_hash on journal (workspace_id, run_id, hash) where hash is not null;
alter table webhook_deliveries add primary key (workspace_id, id), add unique (workspace_id, webhook_id, message_id),
  add foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id) on delete cascade;
create index webhook_deliveries_recent on webhook_deliveries (workspace_id, webhook_id, received_at desc);
alter table events add primary key (workspace_id, id), add foreign key (workspace_id) references workspaces (id) on delete cascade;
create index events_recent on events (workspace_id, received_at desc, id desc);
create index events_undelivered on events (workspace_id, key, received_at) where delivered_at is null;
create index system_events_undelivered on events (received_at) where delivered_at is null;
grant select (workspace_id, key, received_at, delivered_at) on events to app_system;
create policy system on events for select to app_system using (true);

drop function storage.add_partition(text, date);
drop table storage.upkeep;
drop schema storage;
drop index system_agent_sessions_kept;
drop index system_agent_sessions_expiry;
revoke select (created_at, finished_at, parent_id) on agent_sessions from app_system;
alter table agent_sessions drop column expires_on, drop column logs_expire_on, drop column checkpoints_expire_on, drop column log_bytes, drop column checkpoint_bytes,
  drop column checkpoint_rows;
drop function app.run_expires_on(text, timestamptz, jsonb, text);
drop function app.expires_on(text);
drop function app.first_after(timestamptz, integer);
drop function app.retention_days(jsonb, text);
