// npm run bench -- targets: the product's six targets end to end, on the built product with PostgreSQL, beside a used workspace's rows.
// Options: --runs 100000 (stored before measuring), --lines 10 (log lines of each), --write (into docs/benchmarks.md).
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import * as v from "valibot";
import { type Answer, openCaller } from "#/bench/caller.ts";
import { fillWorkspace } from "#/bench/fill-workspace.ts";
import { percentiles, quantile, report, timeAll } from "#/bench/percentiles.ts";
import { keepReport } from "#/bench/report-file.ts";
import { openDatabase, type Tenant } from "#/db/client.ts";
import { listInbox } from "#/db/inbox.ts";
import { countRuns } from "#/db/run-counts.ts";
import { getRun, listRuns, listSteps } from "#/db/runs.ts";
import { startPostgres } from "#/local/neon/postgres.ts";
import { OWNER } from "#/local/neon/roles.ts";
import { inARow } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { type Product, startProduct } from "#/tests/support/product.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "100000" },
    lines: { type: "string", default: "10" },
    write: { type: "boolean", default: false },
  },
});
const CALLERS = [1, 10, 50];
/** By the callers at once. */
const REQUESTS: Readonly<Record<number, number>> = { 1: 100, 10: 200, 50: 300 };
const RUNS: Readonly<Record<number, number>> = { 1: 20, 10: 40, 50: 50 };
const WARM_UP = 100;

interface Target {
  readonly what: string;
  readonly medianMs: number;
  readonly p95Ms: number;
}
const TARGETS = {
  api: { what: "API", medianMs: 100, p95Ms: 300 },
  step: { what: "agent step", medianMs: 2_000, p95Ms: 5_000 },
  workflow: { what: "workflow", medianMs: 10_000, p95Ms: 30_000 },
  query: { what: "database query", medianMs: 50, p95Ms: 100 },
  search: { what: "vector search", medianMs: 100, p95Ms: 200 },
} satisfies Record<string, Target>;

interface Row {
  readonly target: Target;
  readonly what: string;
  readonly callers: number;
  /** The first call after the start of the product; absent where something like it was called before. */
  readonly coldMs?: number | undefined;
  readonly samples: readonly number[];
}

/** Says a row as soon as it is measured: the whole takes minutes. */
function told(row: Row): Row {
  report(`${row.target.what}, ${row.what}, ${row.callers} at once`, percentiles(row.samples));
  return row;
}

const Body = v.object({ id: v.string(), status: v.optional(v.string()) });

/** Looks in the documents, asks an agent, keeps the answer: the shape of most workflows. */
const WORKFLOW = {
  format: "cairn/v1",
  name: "Targets",
  kind: "graph",
  input: { type: "object", properties: { question: { type: "string" } } },
  steps: {
    find: { type: "search", query: "{{ input.question }}" },
    sort: { type: "set", values: { found: "{{ size(state.find) }}" } },
    answer: { type: "agent", role: "Clerk", goal: "Answer {{ input.question }}", tools: ["calculator"] },
    check: { type: "set", values: { text: "{{ state.answer }}" } },
    done: { type: "set", values: { at: "end" } },
  },
  edges: inARow("find", "sort", "answer", "check", "done"),
};

const postgres = await startPostgres({
  dataDir: path.join(scratchDirectory(), "data"),
  ownerPassword: "owner",
});
const loadBefore = os.loadavg().map((each) => each.toFixed(2));
const product = await startProduct({
  CAIRN_POSTGRES_URL: `postgres://${OWNER}:owner@127.0.0.1:${postgres.port}/postgres`,
  CAIRN_MODEL_PACE_MS: "0",
});
const caller = openCaller(product.url, product.apiKey);
let measured: readonly Row[];
try {
  measured = await measureTargets(product);
} finally {
  caller.close();
  await product.stop();
  await postgres.stop();
}
keepReport({ name: "targets", text: writeReport(measured), write: options.write });
process.exit(0);

async function measureTargets({ databaseUrl, ownerUrl }: Product): Promise<readonly Row[]> {
  const [workspace] = await readRows(ownerUrl, "select id from workspaces");
  const workspaceId = String(workspace?.["id"]);
  const { id: workflowId } = parsed(
    await caller.call("/api/v1/workflows", { name: WORKFLOW.name, definition: WORKFLOW }),
  );
  succeeded(await caller.call(`/api/v1/workflows/${workflowId}/versions`, {}));
  const counts = { runs: Number(options.runs), linesPerRun: Number(options.lines) };
  const from = performance.now();
  await fillWorkspace({ ownerUrl, workspaceId, workflowId, ...counts });
  report("runs and log lines stored", `${((performance.now() - from) / 1000).toFixed(0)} s`);
  const [old] = await readRows(ownerUrl, "select id from agent_sessions order by created_at limit 1");
  const oldRun = String(old?.["id"]);
  const database = openDatabase(databaseUrl, 10);
  const rows = [
    ...(await measureRequests(oldRun)),
    ...(await measureRuns(ownerUrl, workflowId)),
    ...(await measureQueries(database.tenant({ workspaceId }), oldRun)),
  ];
  await database.close();
  return rows;
}

async function measureRequests(oldRun: string): Promise<readonly Row[]> {
  const requests: readonly (readonly [Target, string, () => Promise<Answer>])[] = [
    [TARGETS.api, "25 newest runs", () => caller.call("/api/v1/runs?limit=25")],
    [TARGETS.api, "runs that failed", () => caller.call("/api/v1/runs?limit=25&status=failed")],
    [TARGETS.api, "runs by two words", () => caller.call("/api/v1/runs?limit=25&search=customer%204711")],
    [TARGETS.api, "an old run", () => caller.call(`/api/v1/runs/${oldRun}`)],
    [TARGETS.api, "its steps", () => caller.call(`/api/v1/runs/${oldRun}/steps`)],
    [TARGETS.api, "the day's histogram", () => caller.call("/api/v1/run-counts")],
    [TARGETS.api, "inbox", () => caller.call("/api/v1/inbox")],
    [
      TARGETS.search,
      "3 documents",
      () => caller.call("/api/v1/search", { query: "How long are backups kept?" }),
    ],
  ];
  const rows: Row[] = [];
  for (const [target, what, call] of requests) {
    const [coldMs] = await timeAll(1, 1, async () => succeeded(await call()));
    for (const callers of CALLERS)
      rows.push(told({ target, what, callers, coldMs, samples: await time(call, callers) }));
  }
  return rows;
}

/** After a warm-up: Node compiles what runs often. */
async function time(call: () => Promise<Answer>, callers: number): Promise<readonly number[]> {
  const count = REQUESTS[callers] ?? 0;
  await bucketHolds(call, WARM_UP + count);
  if (callers === 1) await timeAll(WARM_UP, 10, async () => succeeded(await call()));
  return timeAll(count, callers, async () => succeeded(await call()));
}

/** Waits until the workspace may send so many requests: a refused one is not measured. */
async function bucketHolds(call: () => Promise<Answer>, count: number): Promise<void> {
  for (;;) {
    const { headers } = await call();
    if (Number(/r=(\d+)/.exec(String(headers["ratelimit"]))?.[1]) > count) return;
    await sleep(500);
  }
}

/** Times are the database's own: from the start that was asked for to the end, and from an agent's first line to its last. */
async function measureRuns(ownerUrl: string, workflowId: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const callers of CALLERS) {
    const runs: string[] = [];
    await timeAll(RUNS[callers] ?? 0, callers, async (index) => {
      const input = { question: `How long are backups kept? (${index})` };
      const { id } = parsed(await caller.call(`/api/v1/workflows/${workflowId}/runs`, { input }));
      runs.push(id);
      await finished(id);
    });
    const whole = await milliseconds(
      ownerUrl,
      "select extract(epoch from finished_at - created_at)::float8 * 1000 as ms from agent_sessions where id = any($1) and status = 'succeeded'",
      runs,
    );
    if (whole.length !== runs.length) throw new Error(`${runs.length - whole.length} runs did not succeed.`);
    const step = await milliseconds(
      ownerUrl,
      `select extract(epoch from max(timestamp) - min(started_at))::float8 * 1000 as ms from agent_logs
       where session_id = any($1) and step = 'answer' group by session_id`,
      runs,
    );
    rows.push(told({ target: TARGETS.step, what: "offline model", callers, samples: step }));
    rows.push(told({ target: TARGETS.workflow, what: "5 steps", callers, samples: whole }));
  }
  return rows;
}

async function milliseconds(ownerUrl: string, statement: string, runs: readonly string[]): Promise<number[]> {
  return (await readRows(ownerUrl, statement, [runs])).map(({ ms }) => Number(ms));
}

async function finished(id: string): Promise<void> {
  for (;;) {
    const { status } = parsed(await caller.call(`/api/v1/runs/${id}`));
    if (status === "succeeded" || status === "failed") return;
    await sleep(20);
  }
}

/** What the requests above ask the database, without the way through Next. */
async function measureQueries(tenant: Tenant, oldRun: string): Promise<readonly Row[]> {
  const page = { limit: 25 };
  const queries: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["25 newest runs", () => listRuns(tenant, page)],
    ["runs by two words", () => listRuns(tenant, { ...page, search: "customer 4711" })],
    ["an old run", () => getRun(tenant, oldRun)],
    ["its steps", () => listSteps(tenant, oldRun, { limit: 100 })],
    ["the day's histogram", () => countRuns(tenant, 20)],
    ["inbox", () => listInbox(tenant, page)],
  ];
  const rows: Row[] = [];
  for (const [what, ask] of queries) {
    const asked = async () => void (await ask());
    await timeAll(50, 5, asked);
    for (const callers of CALLERS)
      rows.push(
        told({
          target: TARGETS.query,
          what,
          callers,
          samples: await timeAll(REQUESTS[callers] ?? 0, callers, asked),
        }),
      );
  }
  return rows;
}

function parsed(answer: Answer): v.InferOutput<typeof Body> {
  succeeded(answer);
  return v.parse(Body, JSON.parse(answer.body));
}

function succeeded({ status, body }: Answer): void {
  if (status >= 300) throw new Error(`The API answers ${status}: ${body}`);
}

function writeReport(all: readonly Row[]): string {
  const head = [
    "target",
    "what",
    "callers",
    "cold ms",
    "median ms",
    "p95 ms",
    "target: median · p95",
    "reached",
  ];
  const lines = all.map(({ target, what, callers, coldMs, samples }) => {
    const [median, p95] = [quantile(samples, 0.5), quantile(samples, 0.95)];
    const isReached = median <= target.medianMs && p95 <= target.p95Ms;
    const figures = [
      coldMs === undefined || callers > 1 ? "" : coldMs.toFixed(0),
      median.toFixed(1),
      p95.toFixed(1),
    ];
    return [
      target.what,
      what,
      callers,
      ...figures,
      `${target.medianMs} · ${target.p95Ms}`,
      isReached ? "yes" : "**no**",
    ];
  });
  const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const machine = `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? "unknown processor"}, Node ${process.versions.node}`;
  const rows = `${Number(options.runs).toLocaleString("en")} runs and ${(Number(options.runs) * Number(options.lines)).toLocaleString("en")} log lines in the workspace`;
  return `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC. ${machine}, load before the start ${loadBefore.join(" ")}. ${rows}.\n\n${table}`;
}
