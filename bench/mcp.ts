// What a call of an MCP server's tool costs beside the same request by an http step. node --conditions=react-server bench/mcp.ts
import { randomUUID } from "node:crypto";
import { percentiles, quantile, report, timeAll } from "#/bench/percentiles.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import { startMcp } from "#/local/mcp/serve.ts";
import { openEngine } from "#/tests/support/engine.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { addMember } from "#/tests/support/workspace.ts";

const RUNS = 150;
setEnvironment({ HTTP_ALLOW_HOSTS: "127.0.0.1" });
const { addMcpServer } = await import("#/operations/mcp-servers/add.ts");
const { changeMcpTools } = await import("#/operations/mcp-servers/change-tools.ts");
const { openMcpTools } = await import("#/operations/mcp-servers/tool-source.ts");

const server = await startMcp({ port: 0 });
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
  "http step": {
    type: "http",
    method: "POST",
    url: server.url,
    idempotent: true,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "mcp-protocol-version": "2025-11-25",
    },
    body: { jsonrpc: "2.0", id: "1", method: "tools/call", params: { name: "find_order", arguments: given } },
  },
  "MCP tool": { type: "tool", tool: "desk__find_order", input: given },
};

async function measure(step: object): Promise<readonly number[]> {
  const edges = [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ];
  const definition = { format: "cairn/v1", name: "call", kind: "graph", steps: { ask: step }, edges };
  const started = await Promise.all(Array.from({ length: RUNS + 10 }, () => engine.start(definition)));
  engine.queued.splice(0);
  await timeAll(10, 1, async (index) => void (await engine.deliver(started[RUNS + index] ?? "")));
  return timeAll(RUNS, 1, async (index) => void (await engine.deliver(started[index] ?? "")));
}

try {
  const medians: number[] = [];
  for (const [name, step] of Object.entries(steps)) {
    const samples = await measure(step);
    medians.push(quantile(samples, 0.5));
    report(`a run of one step, ${name}`, percentiles(samples));
  }
  const [http = Number.NaN, mcp = Number.NaN] = medians;
  report("overhead of MCP over plain HTTP (bar: < 10 ms)", `${(mcp - http).toFixed(1)} ms at p50`);
} finally {
  await Promise.all([engine.close(), server.stop()]);
}
