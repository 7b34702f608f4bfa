import { allows } from "#/lib/auth/principal.ts";
import { getMcpServer } from "#/operations/mcp-servers/get.ts";
import { listMcpPresets } from "#/operations/mcp-servers/list-presets.ts";
import { listMcpServers } from "#/operations/mcp-servers/list.ts";
import { mcpServer } from "../../../[workspace]/_data/mcp.ts";
import { mcpPresets, mcpServerList } from "../../../[workspace]/_data/queries.ts";
import { metadata } from "../../../[workspace]/mcp/page.tsx";
import { PlainServers } from "../../../[workspace]/mcp/plain-servers.tsx";
import { answer, Prefetched } from "../../../[workspace]/prefetched.tsx";
import { currentVisit } from "../../../[workspace]/visit.ts";

export { metadata };

/** The MCP servers with all of their tools, which scripts ask for one after the other. */
export default async function PlainMcpPage() {
  const { caller, person } = await currentVisit();
  const servers = await listMcpServers(caller);
  const tools = await Promise.all(servers.items.map(({ id }) => getMcpServer(caller, { id })));
  return (
    <Prefetched
      answers={[
        answer(mcpServerList(), servers),
        answer(mcpPresets(), listMcpPresets()),
        ...tools.flatMap((server) => ("refused" in server ? [] : [answer(mcpServer(server.id), server)])),
      ]}
    >
      <PlainServers canChange={allows(person, "connections:write")} />
    </Prefetched>
  );
}
