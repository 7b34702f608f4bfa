import type { ListedTool } from "#/agents/vocabulary/mcp.ts";
import { listChanges } from "#/agents/tools/mcp/drift.ts";
import { toToolName } from "#/agents/tools/mcp/alias.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";
import type { Tenant } from "#/db/client.ts";
import { readMcpServer, type SealedServer } from "#/db/mcp-servers.ts";
import { countMcpTools, listMcpTools, type McpTool, type ToolCounts } from "#/db/mcp-tools.ts";
import type {
  McpServer,
  McpServerWithTools,
  McpTool as ShownTool,
} from "#/operations/mcp-servers/contract.ts";
import { signInOf, urlOf } from "#/operations/mcp-servers/reach.ts";

const NONE = { listed: 0, chosen: 0, changed: 0 };

/** A server as it is shown: nothing of it opens anything. */
export function toShown(server: SealedServer, counts: readonly ToolCounts[]): McpServer {
  const { id, name, preset, state, problem, serverName, dialect, listedAt, isSignedIn } = server;
  const own = counts.find(({ serverId }) => serverId === id);
  return {
    id,
    name,
    url: urlOf(server),
    preset,
    signIn: signInOf(server),
    isSignedIn,
    state,
    problem,
    serverName,
    revision: dialect?.version ?? null,
    listedAt,
    tools: own ? { listed: own.listed, chosen: own.chosen, changed: own.changed } : NONE,
  };
}

/** A server with its tools; undefined when there is none of this id. */
export async function showServer(tenant: Tenant, id: string): Promise<McpServerWithTools | undefined> {
  const [server, tools, counts] = await Promise.all([
    readMcpServer(tenant, id),
    listMcpTools(tenant, id),
    countMcpTools(tenant),
  ]);
  if (!server) return undefined;
  const toolList = tools.flatMap((tool) => showTool(server.name, tool) ?? []);
  return { ...toShown(server, counts), toolList, unfit: [...server.unfit] };
}

function showTool(connection: string, tool: McpTool): ShownTool | undefined {
  const { name, alias, listed, trusted, effect, isChosen } = tool;
  const told = listed ?? trusted;
  if (!told) return undefined;
  return {
    name,
    calledAs: toToolName(connection, alias),
    title: told.title ?? null,
    description: told.description,
    inputSchema: { ...told.inputSchema },
    effect,
    suggestedEffect: suggestEffect(told),
    isChosen,
    digest: listed?.digest ?? null,
    changes: trusted && listed ? [...listChanges(trusted, listed)] : [],
  };
}

/** Suggests a tool's effect by the words of its server: good for a proposal, and for nothing else. */
function suggestEffect({ annotations }: ListedTool): ToolEffect {
  if (annotations["readOnlyHint"] === true) return "read";
  return annotations["idempotentHint"] === true ? "idempotent" : "write";
}
