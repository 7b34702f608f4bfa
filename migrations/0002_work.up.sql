-- Workflows, runs and their history, triggers, knowledge.
create table workflows (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null,
  draft jsonb not null,
  draft_text text not null,
  published_version integer,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create index workflows_recent on workflows (workspace_id, updated_at desc, id) where archived_at is null;

create table workflow_versions (
  workspace_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  version integer not null check (version > 0),
  kind text not null check (kind in ('direct', 'crew', 'graph')),
  definition jsonb not null,
  source text not null,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, workflow_id, version),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id) on delete cascade
);

-- One run. A row that is queued, retrying or running, is due and has no lease is owed a wake-up: the row itself is the outbox.
create table agent_sessions (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  agent_type text not null check (agent_type in ('direct', 'crew', 'graph', 'ingest')),
  status text not null check (status in ('queued', 'running', 'retrying', 'waiting', 'paused', 'succeeded', 'failed', 'timed_out', 'cancelled')),
  state jsonb not null default '{}',
  created_at timestamptz not null default now(),
  workflow_id uuid,
  workflow_version_id uuid,
  version integer,
  input jsonb not null default '{}',
  output jsonb,
  error jsonb,
  trigger jsonb not null default '{"kind": "manual"}',
  trigger_kind text not null generated always as (trigger ->> 'kind') stored,
  step integer not null default 0,
  waiting_on text check (waiting_on in ('approval', 'timer', 'event', 'child')),
  epoch bigint not null default 0,
  lease_by text,
  lease_try integer,
  lease_until timestamptz,
  attempt integer not null default 0,
  crashes integer not null default 0,
  due_at timestamptz not null default now(),
  woken_at timestamptz not null default now(),
  wakes integer not null default 1,
  log_seq bigint not null default 0,
  parent_id uuid,
  forked_from uuid,
  idempotency_key text,
  usage jsonb not null default '{"inputTokens": 0, "outputTokens": 0, "costUsd": 0}',
  started_at timestamptz,
  finished_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, idempotency_key),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, workflow_version_id) references workflow_versions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, parent_id) references agent_sessions (workspace_id, id) on delete cascade,
  check ((finished_at is not null) = (status in ('succeeded', 'failed', 'timed_out', 'cancelled'))),
  check ((waiting_on is not null) = (status = 'waiting')),
  check (lease_by is null or status = 'running')
) with (fillfactor = 80); -- room for the commits of a loop: their update of the row touches no index
create index agent_sessions_recent on agent_sessions (workspace_id, created_at desc, id desc);
create index agent_sessions_by_status on agent_sessions (workspace_id, status, created_at desc, id desc);
create index agent_sessions_by_workflow on agent_sessions (workspace_id, workflow_id, created_at desc, id desc);
create index agent_sessions_by_parent on agent_sessions (workspace_id, parent_id) where parent_id is not null;
-- For the sweeper only, which serves every workspace.
create index system_agent_sessions_owed on agent_sessions (due_at) where status in ('queued', 'running', 'retrying', 'waiting');

-- What happened, in order: one row a step task, plus one when the run starts, ends or is decided on.
create table agent_logs (
  workspace_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  step text not null,
  output jsonb,
  timestamp timestamptz not null default now(),
  seq bigint not null,
  kind text not null,
  status text not null,
  task_id text not null,
  superstep integer not null default 0,
  attempt integer not null default 0,
  input jsonb,
  error jsonb,
  started_at timestamptz,
  duration_ms integer,
  model text,
  input_tokens integer not null default 0,
  output_tokens integer not null default 0,
  cost_usd double precision not null default 0,
  primary key (workspace_id, id),
  unique (workspace_id, session_id, seq),
  foreign key (workspace_id, session_id) references agent_sessions (workspace_id, id) on delete cascade
);

-- LangGraph's history of a run (thread). Values are JSON text: JSON.stringify escapes NUL, which jsonb would refuse.
-- thread_id is text without a foreign key because LangGraph owns the name of a thread. workspace_id has none either: the policy lets only
-- the current workspace in, and a key would lock the workspace's row for every row of every commit, the same row for all its runs
-- (0004 deletes with the workspace).
create table checkpoints (
  workspace_id uuid not null,
  thread_id text not null,
  checkpoint_ns text not null default '',
  checkpoint_id text not null,
  parent_checkpoint_id text,
  checkpoint jsonb not null,
  metadata jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (workspace_id, thread_id, checkpoint_ns, checkpoint_id)
);
create table checkpoint_blobs (
  workspace_id uuid not null,
  thread_id text not null,
  checkpoint_ns text not null default '',
  channel text not null,
  version text not null,
  type text not null,
  value text,
  primary key (workspace_id, thread_id, checkpoint_ns, channel, version)
);
create table checkpoint_writes (
  workspace_id uuid not null,
  thread_id text not null,
  checkpoint_ns text not null default '',
  checkpoint_id text not null,
  task_id text not null,
  task_path text not null default '',
  idx integer not null,
  channel text not null,
  type text not null,
  value text not null,
  primary key (workspace_id, thread_id, checkpoint_ns, checkpoint_id, task_id, idx)
);

-- Results of model and tool calls, so that a repeated superstep does not pay twice.
create table journal (
  workspace_id uuid not null,
  run_id uuid not null,
  key text not null,
  superstep integer not null,
  result jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, run_id, key),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade
);

-- What a waiting run waits for. id is LangGraph's interrupt id. open → resolved (answer stored) → consumed (the run went on).
create table waits (
  workspace_id uuid not null,
  run_id uuid not null,
  id text not null,
  kind text not null check (kind in ('approval', 'timer', 'event', 'child')),
  step text not null,
  status text not null default 'open' check (status in ('open', 'resolved', 'consumed')),
  due_at timestamptz,
  due_value jsonb,
  value jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, run_id, id),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade
);
create index system_waits_resolved on waits (run_id) where status = 'resolved';

create table approvals (
  workspace_id uuid not null,
  id uuid not null,
  run_id uuid not null,
  wait_id text not null,
  step text not null,
  title text not null,
  description text,
  shown jsonb,
  actions text[] not null,
  form jsonb,
  status text not null default 'open' check (status in ('open', 'decided', 'expired', 'cancelled')),
  action text,
  "values" jsonb,
  comment text,
  decided_by jsonb,
  requested_at timestamptz not null default now(),
  due_at timestamptz,
  decided_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, run_id, wait_id),
  foreign key (workspace_id, run_id) references agent_sessions (workspace_id, id) on delete cascade
);
create index approvals_by_status on approvals (workspace_id, status, requested_at desc, id desc);

create table schedules (
  workspace_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  cron text not null,
  timezone text not null,
  input jsonb not null default '{}',
  enabled boolean not null default true,
  next_fire_at timestamptz not null,
  last_fire_at timestamptz,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id) on delete cascade
);
create index schedules_recent on schedules (workspace_id, created_at desc);
create index system_schedules_due on schedules (next_fire_at) where enabled;

create table webhooks (
  workspace_id uuid not null,
  id uuid not null,
  workflow_id uuid not null,
  name text not null,
  token_hash text not null,
  token_hint text not null,
  token_sealed text not null,
  secret_sealed text not null,
  enabled boolean not null default true,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, workflow_id) references workflows (workspace_id, id) on delete cascade
);
create index webhooks_recent on webhooks (workspace_id, created_at desc);
create unique index system_webhooks_token on webhooks (token_hash);

create table webhook_deliveries (
  workspace_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  message_id text not null,
  body text not null,
  run_id uuid,
  received_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, webhook_id, message_id),
  foreign key (workspace_id, webhook_id) references webhooks (workspace_id, id) on delete cascade
);
create index webhook_deliveries_recent on webhook_deliveries (workspace_id, webhook_id, received_at desc);

create table documents (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null,
  media_type text not null,
  size_bytes integer not null,
  hash text not null,
  status text not null default 'queued' check (status in ('queued', 'reading', 'embedding', 'ready', 'failed')),
  error text,
  source text,
  content bytea not null,
  passages integer not null default 0,
  embedded integer not null default 0,
  created_by uuid references users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index documents_recent on documents (workspace_id, created_at desc, id desc);

-- One embedded passage. id is the id of the Pinecone record.
create table vector_metadata (
  workspace_id uuid not null,
  id text not null,
  content_type text not null,
  source text,
  created_at timestamptz not null default now(),
  document_id uuid not null,
  position integer not null,
  text text not null,
  hash text not null,
  embedded_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, document_id, position),
  foreign key (workspace_id, document_id) references documents (workspace_id, id) on delete cascade
);
