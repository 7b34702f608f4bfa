import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { ToolSource } from "#/agents/tools/source.ts";
import { storeDecision } from "#/db/decisions.ts";
import { type McpStandIn, startMcp } from "#/local/mcp/serve.ts";
import type { Caller } from "#/operations/caller.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { type HostileServer, startHostileMcp } from "#/tests/support/hostile-mcp.ts";
import { addMember } from "#/tests/support/workspace.ts";

type Effects = Readonly<Record<string, "read" | "write" | "idempotent">>;

/** The engine with MCP servers as its tools: the order desk, and one whose every answer a test writes. */
export interface McpEngine {
  readonly engine: TestEngine;
  readonly standIn: McpStandIn;
  readonly hostile: HostileServer;
  readonly source: ToolSource;
  /** A person who may decide what only admins may. */
  readonly admin: string;
  readonly member: string;
  /** Adds a server and chooses tools of it, each with what it does. @returns its id */
  readonly choose: (name: string, url: string, tools: Effects) => Promise<string>;
  /** Starts a run and takes it as far as it gets. @returns its id */
  readonly run: (definition: object) => Promise<string>;
  readonly openQuestion: (runId: string) => Promise<Record<string, unknown> | undefined>;
  readonly decide: (
    runId: string,
    action: string,
    given?: { readonly values?: unknown; readonly by?: string },
  ) => Promise<void>;
  /** Moves what a run waits for to this moment. */
  readonly passTime: (runId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openMcpEngine(model: ScriptedModel = () => "done"): Promise<McpEngine> {
  setEnvironment({ HTTP_ALLOW_HOSTS: "127.0.0.1" });
  const [standIn, hostile] = await Promise.all([startMcp({ port: 0 }), startHostileMcp()]);
  // Imported when the environment is set.
  const { addMcpServer } = await import("#/operations/mcp-servers/add.ts");
  const { changeMcpTools } = await import("#/operations/mcp-servers/change-tools.ts");
  const { openMcpTools } = await import("#/operations/mcp-servers/tool-source.ts");
  const { endRemoteTasks } = await import("#/operations/mcp-servers/end-tasks.ts");
  let source: ToolSource | undefined;
  const tools: ToolSource = {
    find: async (names) => source?.find(names) ?? [],
    names: async () => source?.names() ?? [],
  };
  const engine = await openEngine({
    model,
    endRemoteTasks: (workspaceId) => endRemoteTasks(engine.db, workspaceId),
    ports: { tools },
  });
  const { tenant } = engine;
  const { workspaceId } = tenant;
  const [admin, member] = await Promise.all([
    addMember(engine.ownerUrl, workspaceId, "admin"),
    addMember(engine.ownerUrl, workspaceId, "member"),
  ]);
  const person = { kind: "person", clerkUserId: "u", clerkOrgId: "o", toldAt: 0, slug: "s" } as const;
  const caller: Caller = { tenant, principal: { ...person, userId: admin, workspaceId, role: "admin" } };
  source = openMcpTools(tenant);

  const choose: McpEngine["choose"] = async (name, url, effects) => {
    const id = randomUUID();
    expect(await addMcpServer(caller, { id, name, url, signIn: "none" })).toMatchObject({ state: "ready" });
    const changes = Object.entries(effects).map(([tool, effect]) => ({ name: tool, isChosen: true, effect }));
    expect(await changeMcpTools(caller, { id, tools: changes })).not.toHaveProperty("refused");
    return id;
  };
  const openQuestion = async (runId: string) => (await engine.openApprovals(runId))[0];
  await choose("desk", standIn.url, {
    find_order: "read",
    add_note: "write",
    refund_order: "write",
    sales_report: "read",
    count_stock: "read",
  });
  return {
    engine,
    standIn,
    hostile,
    source: tools,
    admin,
    member,
    choose,
    openQuestion,
    run: async (definition) => {
      const runId = await engine.start(definition);
      await engine.settle();
      return runId;
    },
    decide: async (runId, action, { values, by = admin } = {}) => {
      const asked = await openQuestion(runId);
      await storeDecision(tenant, runId, {
        approvalId: String(asked?.["id"]),
        action,
        values,
        by: { kind: "person", id: by },
      });
      await engine.deliver(runId);
      await engine.settle();
    },
    passTime: async (runId) => {
      await engine.owner(
        `update waits set due_at = now() where run_id = '${runId}' and status = 'open' and due_at is not null`,
      );
      await engine.owner(
        `update agent_sessions set due_at = now() where id = '${runId}' and due_at is not null`,
      );
      await engine.deliver(runId);
      await engine.settle();
    },
    close: async () => {
      await Promise.all([engine.close(), standIn.stop(), hostile.stop()]);
    },
  };
}

/** A workflow of one step. */
export const oneStep = (step: object) => ({
  format: "cairn/v1",
  name: "mcp",
  kind: "graph",
  steps: { ask: step },
  edges: [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ],
});

export const toolStep = (tool: string, input: object) => oneStep({ type: "tool", tool, input });

/** A server that lists some tools, and answers calls as `onCall` says. */
export const lists =
  (tools: readonly object[], onCall: HostileServer["behave"]): HostileServer["behave"] =>
  (exchange) => {
    const { message, answer } = exchange;
    if (message.method === "server/discover")
      return answer({ supportedVersions: ["2026-07-28"], capabilities: { tools: {} } });
    return message.method === "tools/list" ? answer({ tools }) : onCall(exchange);
  };

export const listedTool = (name: string, more: object = {}) => ({
  name,
  description: "As it was.",
  inputSchema: { type: "object" },
  ...more,
});
