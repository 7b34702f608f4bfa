-- What models cost a workspace, in US dollars per million tokens, from a day (UTC) on until the next price of the same name.
-- They come before the prices of the deployment and those that makers publish.
create table model_prices (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- As definitions name it, 'ollama/qwen3', or without the connection: then it covers the model wherever it is.
  model text not null check (model ~ '^[^\s]+$' and length(model) <= 200),
  since date not null,
  input numeric(12, 6) not null check (input >= 0),
  -- Of input that the provider still had; null where that costs what other input costs.
  cached_input numeric(12, 6) check (cached_input >= 0),
  -- Thinking is output too.
  output numeric(12, 6) not null check (output >= 0),
  created_by uuid references users (id) on delete set null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, model, since)
);
alter table model_prices enable row level security;
alter table model_prices force row level security;
grant select, insert, update, delete on model_prices to app_tenant;
create policy tenant on model_prices for all to app_tenant
  using (workspace_id = (select app.workspace_id())) with check (workspace_id = (select app.workspace_id()));
