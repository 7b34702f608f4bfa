import { randomUUID } from "node:crypto";
import type { Client } from "pg";

/** Puts a row of the workspace into every table that has one, as the owner. */
export async function fillWorkspace(owner: Client, workspaceId: string): Promise<void> {
  const [workflow, version, run, webhook, document] = Array.from({ length: 5 }, () => randomUUID());
  const insert = (sql: string, ...parameters: readonly unknown[]) =>
    owner.query(sql, [workspaceId, ...parameters]);
  await insert(
    "insert into idempotency_keys (workspace_id, operation, key, fingerprint, made_id) values ($1, $2, 'k', 'f', $3)",
    randomUUID(),
    randomUUID(),
  );
  await insert(
    "insert into api_keys (workspace_id, id, name, prefix, hash, scopes) values ($1, $2, 'k', 'cairn_x', $3, '{runs:read}')",
    randomUUID(),
    randomUUID(),
  );
  await insert("insert into secrets (workspace_id, name, value_sealed) values ($1, 'TOKEN', 'x')");
  await insert(
    `insert into tools (workspace_id, id, name, origin, description, input, effect, request) values ($1, $2, 't', 'http', 'd', '{}', 'read', '{"method": "GET", "url": "https://api.test"}')`,
    randomUUID(),
  );
  await insert(`insert into tool_settings (workspace_id, name, policy) values ($1, 't', '{"when": "true"}')`);
  await insert(
    "insert into skills (workspace_id, name, version, description, digest, files) values ($1, 's', 1, 'd', 'x', '{}')",
  );
  await insert(
    "insert into model_prices (workspace_id, id, model, since, input, output) values ($1, $2, 'm', '2026-01-01', 1, 2)",
    randomUUID(),
  );
  await insert("insert into store (workspace_id, namespace, key, value) values ($1, 'n', 'k', '1')");
  for (const text of ["kept", "deleted"])
    await insert(
      "insert into memories (workspace_id, id, scope, owner, text, importance) values ($1, $2, 'workspace', '', $3, 5)",
      randomUUID(),
      text,
    );
  const connection = randomUUID();
  await insert(
    "insert into connections (workspace_id, id, name, kind, hosts) values ($1, $2, 'c', 'mcp', '{api.test}')",
    connection,
  );
  await insert("insert into sign_ins (workspace_id, connection_id) values ($1, $2)", connection);
  await insert("insert into mcp_servers (workspace_id, connection_id) values ($1, $2)", connection);
  await insert(
    "insert into mcp_tools (workspace_id, connection_id, name, alias) values ($1, $2, 't', 't')",
    connection,
  );
  await insert(
    "insert into audit_log (workspace_id, id, actor, action, target, target_id) values ($1, $2, '{}', 'a', 't', 'i')",
    randomUUID(),
  );
  await insert(
    "insert into workflows (workspace_id, id, name, draft, draft_text) values ($1, $2, 'w', '{}', '')",
    workflow,
  );
  await insert(
    "insert into model_calls (workspace_id, id, workflow_id, model, tokens, cost_usd) values ($1, $2, $3, 'm', 1, 0)",
    randomUUID(),
    workflow,
  );
  await insert(
    "insert into workflow_versions (workspace_id, id, workflow_id, version, kind, definition, source) values ($1, $2, $3, 1, 'graph', '{}', '')",
    version,
    workflow,
  );
  await insert(
    "insert into agent_sessions (workspace_id, id, agent_type, status, workflow_id, workflow_version_id) values ($1, $2, 'graph', 'queued', $3, $4)",
    run,
    workflow,
    version,
  );
  await insert(
    "insert into accepted_tools (workspace_id, run_id, tool, digest) values ($1, $2, 't', repeat('a', 64))",
    run,
  );
  await insert(
    "insert into remote_tasks (workspace_id, run_id, connection_id, task_id) values ($1, $2, $3, 't')",
    run,
    connection,
  );
  await insert(
    "insert into agent_logs (workspace_id, id, session_id, step, seq, kind, status, task_id) values ($1, $2, $3, 's', 1, 'step', 'succeeded', 't')",
    randomUUID(),
    run,
  );
  await insert(
    "insert into checkpoints (workspace_id, thread_id, checkpoint_id, checkpoint) values ($1, $2, '1', '{}')",
    run,
  );
  await insert(
    "insert into checkpoint_blobs (workspace_id, thread_id, channel, version, type) values ($1, $2, 'c', '1', 'empty')",
    run,
  );
  await insert(
    "insert into checkpoint_writes (workspace_id, thread_id, checkpoint_id, task_id, idx, channel, type, value) values ($1, $2, '1', 't', 0, 'c', 'json', '1')",
    run,
  );
  await insert(
    "insert into journal (workspace_id, run_id, key, superstep, result) values ($1, $2, 'k', 0, '{}')",
    run,
  );
  await insert(
    "insert into waits (workspace_id, run_id, id, kind, step) values ($1, $2, 'w', 'approval', 's')",
    run,
  );
  await insert(
    "insert into approvals (workspace_id, id, run_id, wait_id, step, title, actions) values ($1, $2, $3, 'w', 's', 't', '{approve}')",
    randomUUID(),
    run,
  );
  const [subscription, asked] = [randomUUID(), randomUUID()];
  await insert(
    "insert into approvals (workspace_id, id, run_id, wait_id, step, title, actions, status) values ($1, $2, $3, 'v', 's', 't', '{approve}', 'decided')",
    asked,
    run,
  );
  const person = randomUUID();
  await owner.query("insert into users (id, clerk_id) values ($1, $2)", [person, `user_${person}`]);
  await insert("insert into members (workspace_id, user_id, role) values ($1, $2, 'member')", person);
  await insert(
    "insert into push_subscriptions (workspace_id, id, user_id, endpoint, p256dh, auth, device) values ($1, $2, $3, $4, 'p', 'a', 'd')",
    subscription,
    person,
    `https://push.test/${subscription}`,
  );
  await insert(
    "insert into push_deliveries (workspace_id, subscription_id, approval_id) values ($1, $2, $3)",
    subscription,
    asked,
  );
  await insert(
    "insert into quiet_hours (workspace_id, user_id, starts_at, ends_at, timezone) values ($1, $2, 1320, 420, 'UTC')",
    person,
  );
  await insert(
    "insert into side_effects (workspace_id, id, run_id, key, step, kind, target, epoch) values ($1, $2, $3, 'k', 's', 'http', 't', 1)",
    randomUUID(),
    run,
  );
  await insert(
    "insert into reservations (workspace_id, run_id, key, tokens, cost_usd) values ($1, $2, 'k', 1, 1)",
    run,
  );
  await insert("insert into model_turns (workspace_id, run_id, pace, at) values ($1, $2, 'p', now())", run);
  await insert(
    "insert into workspace_moves (workspace_id, id, state, other_url) values ($1, $2, 'arrived', 'https://us.test')",
    randomUUID(),
  );
  await insert("insert into events (workspace_id, id, key) values ($1, $2, 'k')", randomUUID());
  await insert(
    "insert into schedules (workspace_id, id, workflow_id, cron, timezone, next_fire_at) values ($1, $2, $3, '* * * * *', 'UTC', now())",
    randomUUID(),
    workflow,
  );
  await insert(
    "insert into webhooks (workspace_id, id, workflow_id, name, token_hash, token_hint, token_sealed, secret_sealed) values ($1, $2, $3, 'h', $4, 'x', 'y', 'z')",
    webhook,
    workflow,
    randomUUID(),
  );
  await insert(
    "insert into webhook_deliveries (workspace_id, id, webhook_id, message_id, body) values ($1, $2, $3, 'm', '{}')",
    randomUUID(),
    webhook,
  );
  await insert(
    "insert into documents (workspace_id, id, name, media_type, size_bytes, hash, content) values ($1, $2, 'd', 'text/plain', 1, 'h', 'x')",
    document,
  );
  await insert(
    "insert into vector_metadata (workspace_id, id, content_type, document_id, position, text, hash) values ($1, $2, 'text/plain', $3, 1, 't', 'h')",
    `${document}#1`,
    document,
  );
}
