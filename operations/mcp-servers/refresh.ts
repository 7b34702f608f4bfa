import { toAlias } from "#/agents/tools/mcp/alias.ts";
import { listTools } from "#/agents/mcp/list-tools.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { explainOutcome, type Probe, probe } from "#/agents/mcp/probe.ts";
import type { Tenant } from "#/db/client.ts";
import { keepMcpServer, noteFacts, noteProblem, readMcpServer, type SealedServer } from "#/db/mcp-servers.ts";
import { storeListing } from "#/db/mcp-tools.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { McpServerWithTools, refreshMcpServerContract } from "#/operations/mcp-servers/contract.ts";
import { isRefusal, mcpClient, mcpPorts, refuseElsewhere, signedIn } from "#/operations/mcp-servers/reach.ts";
import { showServer } from "#/operations/mcp-servers/show.ts";

/** Asks a server anew how it is spoken to and which tools it has. What is in the way is in the answer. Refuses with `not-found`. */
export async function refreshMcpServer(
  { tenant }: Caller,
  { id }: Input<typeof refreshMcpServerContract>,
): Promise<McpServerWithTools | Refusal> {
  const server = await readMcpServer(tenant, id);
  if (!server) return notFound("MCP server");
  await keepMcpServer(tenant, id);
  await askServer(tenant, server);
  return (await showServer(tenant, id)) ?? notFound("MCP server");
}

const PROBE_MS = 15_000;

/** Asks a server how it is spoken to and which tools it has, and keeps both, or what is in the way. */
export async function askServer(tenant: Tenant, server: SealedServer): Promise<void> {
  const { id } = server;
  const elsewhere = refuseElsewhere(server);
  if (elsewhere) return noteProblem(tenant, id, { state: "failed", problem: elsewhere.reason });
  const found = await signedIn(tenant, server, async (address) => {
    const value = await probe(mcpPorts(PROBE_MS), address);
    return { value, isRefused: value.kind === "failed" && isRefusal(value.outcome) };
  });
  if (found.kind === "failed") return noteFailure(tenant, id, found);
  const { dialect, name } = found.facts;
  await noteFacts(tenant, id, { dialect, name });
  await readList(tenant, { ...server, dialect });
}

const noteFailure = (tenant: Tenant, id: string, { outcome, reason }: Extract<Probe, { kind: "failed" }>) =>
  noteProblem(tenant, id, { state: stateAfter(outcome), problem: reason });

const stateAfter = (outcome: Outcome) => (outcome.kind === "unauthorized" ? "signed_out" : "failed");

/** Reads the list of tools of a server that was asked before. */
export async function readList(tenant: Tenant, server: SealedServer): Promise<void> {
  const { id, dialect } = server;
  if (dialect === null) return;
  const listing = await signedIn(tenant, server, async (address) => {
    const value = await listTools(mcpClient(), { ...address, dialect }, AbortSignal.timeout(PROBE_MS));
    return { value, isRefused: value.kind !== "listed" && isRefusal(value) };
  });
  await (listing.kind === "listed"
    ? storeListing(tenant, id, { ...listing.list, toAlias })
    : noteProblem(tenant, id, { state: stateAfter(listing), problem: explainOutcome(listing) }));
}
