import type { ChosenTool, DriftDecision, McpToolPorts } from "#/agents/tools/mcp/ports.ts";
import { mcpTools } from "#/agents/tools/mcp/source.ts";
import { splitToolName, toToolName } from "#/agents/tools/mcp/alias.ts";
import type { ChangeEnd } from "#/agents/tools/tool-change.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import { recordAudit } from "#/db/audit.ts";
import type { Tenant } from "#/db/client.ts";
import { readMcpServer, type SealedServer } from "#/db/mcp-servers.ts";
import {
  findChosenTools,
  listChosenNames,
  listMcpTools,
  type McpTool,
  type NamedTool,
  storeDecisions,
} from "#/db/mcp-tools.ts";
import { findAdmin } from "#/operations/tools/find-admin.ts";
import { forgetRemoteTask, keepRemoteTask } from "#/db/remote-tasks.ts";
import { pinsAfter } from "#/operations/mcp-servers/pins.ts";
import { sendToServer, urlOf } from "#/operations/mcp-servers/reach.ts";
import { readList } from "#/operations/mcp-servers/refresh.ts";

/** The tools of the MCP servers of a workspace, for its runs. */
export function openMcpTools(tenant: Tenant): ToolSource {
  const known = new JustRead();
  const ports: McpToolPorts = {
    find: (names) => findTools({ tenant, known }, names),
    names: async () =>
      (await listChosenNames(tenant)).map(({ connection, alias }) => toToolName(connection, alias)),
    send: async (tool, request) => {
      const server = known.take(tool.serverId) ?? (await readMcpServer(tenant, tool.serverId));
      return server
        ? sendToServer(tenant, server, request)
        : { kind: "unsent", reason: "The server was removed.", mayPass: false };
    },
    keepTask: (task) => keepRemoteTask(tenant, task),
    forgetTask: (task) => forgetRemoteTask(tenant, task),
    decideDrift: (decision) => decideDrift(tenant, decision),
  };
  return mcpTools(ports);
}

interface Reach {
  readonly tenant: Tenant;
  readonly known: JustRead;
}

/** A tool is called in the moment in which it was found: its server is not read a second time. */
const JUST_MS = 1_000;

/** Servers as they were read a moment ago, each for one call. */
class JustRead {
  readonly #servers = new Map<string, { readonly server: SealedServer; readonly at: number }>();

  keep(server: SealedServer): void {
    this.#servers.set(server.id, { server, at: Date.now() });
  }

  take(id: string): SealedServer | undefined {
    const read = this.#servers.get(id);
    this.#servers.delete(id);
    return read && Date.now() - read.at < JUST_MS ? read.server : undefined;
  }
}

async function findTools({ tenant, known }: Reach, names: readonly string[]): Promise<readonly ChosenTool[]> {
  const parts = names.flatMap((name) => splitToolName(name) ?? []);
  const found = await findChosenTools(tenant, parts);
  const ids = new Set(found.tools.map(({ serverId }) => serverId));
  const stale = found.servers.filter((server) => ids.has(server.id) && isStale(server));
  await Promise.all(stale.map((server) => readListOnce(tenant, server)));
  const { tools, servers } = stale.length === 0 ? found : await findChosenTools(tenant, parts);
  for (const server of servers) known.keep(server);
  return tools.flatMap((tool) => toChosen(tool, servers) ?? []);
}

/** The longest time that a change of a tool goes unnoticed. A list that is read at each call would double what a call costs. */
const FRESH_MS = 60_000;

const isStale = ({ listedAt }: SealedServer) =>
  listedAt === null || Date.parse(listedAt) < Date.now() - FRESH_MS;

/** Lists that are being read in this process: steps that start together ask once. */
const reading = new Map<string, Promise<void>>();

function readListOnce(tenant: Tenant, server: SealedServer): Promise<void> {
  const key = `${tenant.workspaceId} ${server.id}`;
  const begun = reading.get(key) ?? readList(tenant, server).finally(() => reading.delete(key));
  reading.set(key, begun);
  return begun;
}

function toChosen(tool: NamedTool, servers: readonly SealedServer[]): ChosenTool | undefined {
  const { alias, connection, serverId, trusted, listed, effect, acceptedPins } = tool;
  const server = servers.find(({ id }) => id === serverId);
  if (!server || !trusted) return undefined;
  const name = toToolName(connection, alias);
  const isSignedIn = server.isSignedIn || server.credentialsSealed !== null;
  const about = { serverId, server: connection, url: urlOf(server), isSignedIn };
  return { name, ...about, trusted, listed, effect, acceptedPins };
}

/** Takes in, or withdraws, a tool that has changed, by an admin's word in the inbox. Done twice it is done once. */
async function decideDrift(tenant: Tenant, { tool, digest, action, by }: DriftDecision): Promise<ChangeEnd> {
  const admin = await findAdmin(tenant, by);
  if (!admin) return "not-admin";
  const [server, tools] = await Promise.all([
    readMcpServer(tenant, tool.serverId),
    listMcpTools(tenant, tool.serverId),
  ]);
  const now = tools.find(({ name }) => name === tool.trusted.name);
  if (!server || !now) return "changed";
  const after = decideOn(now, digest, action);
  if (typeof after === "string") return after;
  await storeDecisions(tenant, server.id, [{ ...after, acceptedPins: pinsAfter(server, now, after) }]);
  await recordAudit(tenant, {
    actor: admin,
    action: action === "accept" ? "mcp-tool.accepted" : "mcp-tool.blocked",
    targetId: server.id,
  });
  return "done";
}

/** Decides what becomes of a tool; a word where nothing does. */
function decideOn(
  now: McpTool,
  digest: string,
  action: DriftDecision["action"],
): McpTool | "done" | "changed" {
  if (now.trusted?.digest === digest && action === "accept") return "done";
  if (now.listed?.digest !== digest) return "changed";
  return action === "accept" ? { ...now, trusted: now.listed } : { ...now, isChosen: false };
}
