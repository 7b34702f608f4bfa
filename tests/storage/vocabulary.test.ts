import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { APPROVAL_STATUSES, APPROVAL_SUBJECTS } from "#/agents/vocabulary/approval.ts";
import { CONNECTION_KINDS } from "#/agents/vocabulary/connection.ts";
import { MCP_SERVER_STATES } from "#/agents/vocabulary/mcp.ts";
import { DOCUMENT_STATUSES } from "#/agents/vocabulary/document.ts";
import { MEMORY_SCOPES } from "#/agents/vocabulary/memory.ts";
import { LOG_KINDS, LOG_STATUSES } from "#/agents/vocabulary/log-line.ts";
import { ENDED_STATUSES, PRIORITIES, RUN_STATUSES } from "#/agents/vocabulary/run.ts";
import { SIDE_EFFECT_KINDS, SIDE_EFFECT_STATES } from "#/agents/vocabulary/side-effect.ts";
import { DECLARED_ORIGINS, TOOL_EFFECTS } from "#/agents/vocabulary/tool.ts";
import { CHILD_POLICIES, WAIT_KINDS, WAIT_STATUSES } from "#/agents/vocabulary/wait.ts";
import { PROGRAM_KINDS, WORKFLOW_KINDS } from "#/agents/vocabulary/workflow.ts";
import { MOVE_STATES } from "#/agents/vocabulary/workspace-move.ts";
import { ROLES } from "#/lib/auth/permissions.ts";
import { startTestDatabase, type TestDatabase } from "#/tests/support/database.ts";

/** The word list of every column that the database checks against one. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  "agent_logs.kind": LOG_KINDS,
  "agent_logs.status": LOG_STATUSES,
  "approvals.status": APPROVAL_STATUSES,
  "approvals.subject": APPROVAL_SUBJECTS,
  "connections.kind": CONNECTION_KINDS,
  "mcp_servers.state": MCP_SERVER_STATES,
  "mcp_tools.effect": TOOL_EFFECTS,
  "documents.status": DOCUMENT_STATUSES,
  "members.role": ROLES,
  "memories.scope": MEMORY_SCOPES,
  "schedules.priority": PRIORITIES,
  "side_effects.kind": SIDE_EFFECT_KINDS,
  "side_effects.state": SIDE_EFFECT_STATES,
  "tools.effect": TOOL_EFFECTS,
  "tools.origin": DECLARED_ORIGINS,
  "waits.kind": WAIT_KINDS,
  "waits.policy": CHILD_POLICIES,
  "waits.status": WAIT_STATUSES,
  "webhooks.priority": PRIORITIES,
  "workflow_versions.kind": WORKFLOW_KINDS,
  "workspace_moves.state": MOVE_STATES,
};

/** The word lists that `app.is_sound_run`, the check of runs, holds a run's columns against. */
const WORDS_OF_RUNS = [
  ["agent_type", PROGRAM_KINDS],
  ["priority", PRIORITIES],
  ["status", RUN_STATUSES],
  ["status", ENDED_STATUSES],
  ["waiting_on", WAIT_KINDS],
] as const;

let database: TestDatabase;
let owner: Client;
beforeAll(async () => {
  database = await startTestDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await database.stop();
});

const wordsIn = (text: string) => [...text.matchAll(/'([a-z_-]+)'/g)].map(([, word]) => word);
const sorted = (words: readonly (string | undefined)[]) =>
  words.map(String).toSorted((a, b) => a.localeCompare(b));

/** The check constraints of tables, partitions aside, as the database itself writes them. */
async function readChecks(): Promise<readonly { readonly table: string; readonly check: string }[]> {
  const { rows } = await owner.query<{ table: string; check: string }>(
    `select t.relname as table, pg_get_constraintdef(c.oid) as check
       from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace
      where c.contype = 'c' and n.nspname = 'public' and not t.relispartition`,
  );
  return rows;
}

test("columns of words take exactly the words of the vocabulary, and no column has words of its own", async () => {
  const checks = await readChecks();
  const checked = checks.flatMap(({ table, check }) => {
    const column = /^CHECK \(\((\w+) = ANY \(ARRAY\[([^\]]*)\]\)\)\)(?: NOT VALID)?$/.exec(check);
    return column ? [[`${table}.${column[1]}`, sorted(wordsIn(column[2] ?? ""))] as const] : [];
  });
  expect(Object.fromEntries(checked)).toEqual(
    Object.fromEntries(Object.entries(WORDS).map(([column, words]) => [column, sorted(words)])),
  );
});

test("runs take exactly the words of the vocabulary, and have ended exactly when their status says so", async () => {
  const { rows } = await owner.query<{ body: string }>(
    `select prosrc as body from pg_proc where oid = to_regproc('app.is_sound_run')`,
  );
  const checked = [...(rows[0]?.body ?? "").matchAll(/\bp_(\w+) in \(([^)]*)\)/g)].map(
    ([, column, list]) => `${column}: ${sorted(wordsIn(list ?? "")).join()}`,
  );
  expect(sorted(checked)).toEqual(
    sorted(WORDS_OF_RUNS.map(([column, words]) => `${column}: ${sorted(words).join()}`)),
  );
});

test("functions mean by an end what the engine means by it", async () => {
  const { rows } = await owner.query<{ name: string; body: string }>(
    `select p.proname as name, p.prosrc as body from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'app'`,
  );
  const known = new Set([ENDED_STATUSES, RUN_STATUSES].map((words) => sorted(words).join()));
  const lists = rows.flatMap(({ name, body }) =>
    [...body.matchAll(/\bin \(((?:'[a-z_]+'(?:, )?)+)\)/g)]
      .map(([, list]) => wordsIn(list ?? ""))
      .filter((words) => words.includes("succeeded") && words.includes("failed"))
      .map((words) => ({ name, words: sorted(words).join() })),
  );
  expect(lists.length).toBeGreaterThan(0);
  expect(lists.filter(({ words }) => !known.has(words))).toEqual([]);
});
