import { type DecidedTool, listMcpTools, type McpTool, storeDecisions } from "#/db/mcp-tools.ts";
import { readMcpServer, type SealedServer } from "#/db/mcp-servers.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Problem } from "#/lib/http/wire.ts";
import type { Caller } from "#/operations/caller.ts";
import type { changeMcpToolsContract, McpServerWithTools } from "#/operations/mcp-servers/contract.ts";
import { pinsAfter } from "#/operations/mcp-servers/pins.ts";
import { showServer } from "#/operations/mcp-servers/show.ts";

type Change = Input<typeof changeMcpToolsContract>["tools"][number];

/**
 * Chooses and withdraws tools of a server, says what they do, and takes in what has changed; all or nothing. A tool is taken in as the server lists
 * it now when it is first chosen. Refuses with `not-found`, and with `invalid-request` for tools that cannot be had so.
 */
export async function changeMcpTools(
  { tenant }: Caller,
  { id, tools: changes }: Input<typeof changeMcpToolsContract>,
): Promise<McpServerWithTools | Refusal> {
  const [server, tools] = await Promise.all([readMcpServer(tenant, id), listMcpTools(tenant, id)]);
  if (!server) return notFound("MCP server");
  const decided = changes.map((change) =>
    decide(
      server,
      tools.find(({ name }) => name === change.name),
      change,
    ),
  );
  const problems = decided.flatMap((one, index) => ("problem" in one ? [problemAt(index, one.problem)] : []));
  if (problems.length > 0) return unfit(problems);
  const stored = await storeDecisions(
    tenant,
    id,
    decided.flatMap((one) => ("problem" in one ? [] : [one])),
  );
  if (stored === "alias-taken")
    return unfit([
      problemAt(0, "Models would call two of the chosen tools by the same name. Choose one of them."),
    ]);
  return (await showServer(tenant, id)) ?? notFound("MCP server");
}

const problemAt = (index: number, message: string): Problem => ({ path: `/tools/${index}`, message });

const unfit = (errors: readonly Problem[]) =>
  refuse("invalid-request", "Fix what is listed under “errors” and try again.", { errors });

type Decided = DecidedTool | { readonly problem: string };

function decide(server: SealedServer, tool: McpTool | undefined, change: Change): Decided {
  if (!tool) return { problem: `The server lists no tool “${change.name}”.` };
  const { name, effect, isChosen } = tool;
  if (change.accept !== undefined && change.accept !== tool.listed?.digest)
    return { problem: `The tool “${name}” has changed again since. Look at it once more.` };
  const after = {
    name,
    effect: change.effect ?? effect,
    isChosen: change.isChosen ?? isChosen,
    trusted: trustAfter(tool, change),
  };
  if (after.isChosen && !after.trusted) return { problem: `The server lists the tool “${name}” no more.` };
  return { ...after, acceptedPins: pinsAfter(server, tool, after) };
}

/** The form of a tool that models are told of after a change: what was taken in before stays until it is accepted anew. */
function trustAfter({ listed, trusted }: McpTool, { accept, isChosen }: Change): McpTool["trusted"] {
  if (accept !== undefined) return listed;
  return trusted ?? (isChosen === true ? listed : null);
}
