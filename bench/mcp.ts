// What a call of an MCP server's tool costs beside the same request by an http step. node --conditions=react-server bench/mcp.ts
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { MODERN } from "#/agents/mcp/dialect.ts";
import { quantile, report } from "#/bench/percentiles.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { openEngine } from "#/tests/support/engine.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { addMember } from "#/tests/support/workspace.ts";

const RUNS = 150;
const WARM = 20;
setEnvironment({ HTTP_ALLOW_HOSTS: "127.0.0.1" });
const { addMcpServer } = await import("#/operations/mcp-servers/add.ts");
const { changeMcpTools } = await import("#/operations/mcp-servers/change-tools.ts");
const { openMcpTools } = await import("#/operations/mcp-servers/tool-source.ts");

/** In a process of its own, so that its work is not taken for ours. */
async function startServer(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const child = fork(path.join(import.meta.dirname, "mcp-server.ts"));
  const [url] = await once(child, "message");
  return { url: String(url), child };
}

const server = await startServer();
const engine = await openEngine({
  ports: {
    fetch: guardedFetch({ allowHosts: ["127.0.0.1"] }),
    tools: {
      find: (names) => openMcpTools(engine.tenant).find(names),
      names: async () => ["desk__find_order"],
    },
  },
});
const { workspaceId } = engine.tenant;
const userId = await addMember(engine.ownerUrl, workspaceId, "admin");
const principal = {
  kind: "person",
  userId,
  workspaceId,
  role: "admin",
  clerkUserId: "u",
  clerkOrgId: "o",
  toldAt: 0,
  slug: "s",
} as const;
const caller = { tenant: engine.tenant, principal };
const id = randomUUID();
await addMcpServer(caller, { id, name: "desk", url: server.url, signIn: "none" });
await changeMcpTools(caller, { id, tools: [{ name: "find_order", isChosen: true, effect: "read" }] });

const given = { order: "A-1001" };
const steps = {
  http: {
    type: "http",
    method: "POST",
    url: server.url,
    idempotent: true,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": MODERN,
      "mcp-method": "tools/call",
      "mcp-name": "find_order",
    },
    body: {
      jsonrpc: "2.0",
      id: "1",
      method: "tools/call",
      params: {
        name: "find_order",
        arguments: given,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": MODERN,
          "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    },
  },
  mcp: { type: "tool", tool: "desk__find_order", input: given },
};

const definitionOf = (step: object) => ({
  format: "cairn/v1",
  name: "call",
  kind: "graph",
  steps: { ask: step },
  edges: [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ],
});

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** One run of one step, from its wake-up to its end. */
async function measure(runId: string): Promise<Cost> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await engine.deliver(runId);
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1_000 };
}

async function startRuns(step: object): Promise<readonly string[]> {
  const definition = definitionOf(step);
  const started = await Promise.all(Array.from({ length: RUNS + WARM }, () => engine.start(definition)));
  engine.queued.splice(0);
  return started;
}

const median = (samples: readonly number[]) => quantile(samples, 0.5);
const rounded = (ms: number) => `${ms.toFixed(1)} ms`;

try {
  const [http, mcp] = [await startRuns(steps.http), await startRuns(steps.mcp)];
  const pairs: { readonly http: Cost; readonly mcp: Cost }[] = [];
  for (let index = 0; index < RUNS + WARM; index += 1) {
    // In turn first: what the machine does meanwhile meets both alike.
    const order = index % 2 === 0 ? ([http, mcp] as const) : ([mcp, http] as const);
    const first = await measure(order[0][index] ?? "");
    const second = await measure(order[1][index] ?? "");
    const [a, b] = index % 2 === 0 ? [first, second] : [second, first];
    if (index >= WARM) pairs.push({ http: a, mcp: b });
  }
  const ended = await engine.owner(
    "select status, count(*)::int as runs from agent_sessions group by status",
  );
  report("runs", JSON.stringify(ended));
  for (const unit of ["wallMs", "cpuMs"] as const) {
    report(`${unit}: http step`, rounded(median(pairs.map((pair) => pair.http[unit]))));
    report(`${unit}: MCP tool`, rounded(median(pairs.map((pair) => pair.mcp[unit]))));
    report(
      `${unit}: MCP over plain HTTP, median of the paired differences (bar: < 10 ms)`,
      rounded(median(pairs.map((pair) => pair.mcp[unit] - pair.http[unit]))),
    );
  }
} finally {
  await engine.close();
  server.child.kill();
}
