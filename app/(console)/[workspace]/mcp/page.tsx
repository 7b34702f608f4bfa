import type { Metadata } from "next";
import { allows } from "#/lib/auth/principal.ts";
import { listMcpPresets } from "#/operations/mcp-servers/list-presets.ts";
import { listMcpServers } from "#/operations/mcp-servers/list.ts";
import { mcpPresets, mcpServerList } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { McpView } from "./mcp-view.tsx";

export const metadata: Metadata = { title: "MCP servers" };

export default async function McpPage() {
  const { caller, person } = await currentVisit();
  const servers = await listMcpServers(caller);
  return (
    <Prefetched answers={[answer(mcpServerList(), servers), answer(mcpPresets(), listMcpPresets())]}>
      <McpView canChange={allows(person, "connections:write")} />
    </Prefetched>
  );
}
