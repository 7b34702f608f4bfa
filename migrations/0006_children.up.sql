-- Runs that start runs, events that runs wait for, runs made from runs.

alter table agent_sessions
  -- The step of the parent's definition whose body this run executes (one item of a map). Null: the whole definition.
  add column fragment text,
  -- The wait of the parent that this run answers, and its place among the others.
  add column parent_wait text,
  add column child_index integer not null default 0,
  -- The item of a map and its place in the list.
  add column item jsonb,
  add column depth integer not null default 0,
  add column priority text not null default 'normal' check (priority in ('high', 'normal', 'low')),
  -- Set while a step is at work; its commit parks the run as paused.
  add column pausing boolean not null default false,
  add column deadline_at timestamptz,
  -- What a respond step answers the caller of a webhook.
  add column response jsonb,
  -- A fork: the superstep it goes on from, and whether results of the run it came from are taken over.
  add column forked_step integer,
  add column reuses boolean not null default false;
create index agent_sessions_by_fork on agent_sessions (workspace_id, forked_from) where forked_from is not null;
create index agent_sessions_by_wait on agent_sessions (workspace_id, parent_id, parent_wait, child_index) where parent_id is not null;
drop index agent_sessions_by_parent;

-- {concurrency, startsPerMinute, …}; agents/engine/limits.ts has the form.
alter table workflows add column limits jsonb not null default '{}';
alter table agent_sessions
  -- Turned away because so many runs of its workflow are at work; the next one that ends or parks lets it in.
  add column held boolean not null default false;
create index agent_sessions_held on agent_sessions (workspace_id, workflow_id, created_at, id) where held;

alter table waits
  -- What an event must be called.
  add column key text,
  -- Children that have not ended, how many of them may run at a time, and what a failed one means.
  add column pending integer,
  add column policy text check (policy in ('fail', 'collect'));
create index waits_by_key on waits (workspace_id, key) where kind = 'event' and status = 'open';

-- Results that a fork may take over are found by what was asked (hash), not by when.
alter table journal
  add column node text,
  add column hash text;
create index journal_by_hash on journal (workspace_id, run_id, hash) where hash is not null;

-- A version without a number is the edited definition of a fork: nothing can be started or published from it.
alter table workflow_versions alter column version drop not null;

alter table approvals
  -- What is asked about: a step of the workflow, a call of a tool, a write that ended in doubt, a budget that is used up.
  add column subject text not null default 'step' check (subject in ('step', 'tool', 'side_effect', 'budget')),
  add column subject_id text,
  -- Whether the person who started the run may decide.
  add column self_approval boolean not null default true;

-- What happened outside. An event answers every run that waits for its key; if none does, it is kept for the first that will.
create table events (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  key text not null,
  payload jsonb,
  source jsonb not null default '{}',
  received_at timestamptz not null default now(),
  delivered_at timestamptz,
  delivered_to integer not null default 0,
  primary key (workspace_id, id)
);
create index events_recent on events (workspace_id, received_at desc, id desc);
create index events_undelivered on events (workspace_id, key, received_at) where delivered_at is null;
create index system_events_undelivered on events (received_at) where delivered_at is null;

alter table events enable row level security;
alter table events force row level security;
grant select, insert, update, delete on events to app_tenant;
create policy tenant on events for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
grant select (workspace_id, key, received_at, delivered_at) on events to app_system;
create policy system on events for select to app_system using (true);
grant select (workspace_id, run_id, key, kind, status) on waits to app_system;
create policy system on waits for select to app_system using (true);
grant select (priority, deadline_at) on agent_sessions to app_system;
