import {
  type CallToolRequestParams,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { callWorkflow } from "#/operations/mcp/call-workflow.ts";
import { type Session, TASKS, withCallKey } from "#/operations/mcp/session.ts";
import { stateCodec } from "#/operations/mcp/state.ts";
import { serveTasks } from "#/operations/mcp/tasks.ts";
import { tellMove } from "#/operations/mcp/tell-move.ts";
import { callTool, describeTools, findTool } from "#/operations/mcp/tools/table.ts";
import { describeWorkflow, findWorkflowTools } from "#/operations/mcp/workflow-tools.ts";

const INSTRUCTIONS = `Workflows of one Cairn workspace. Tools that are workflows start a durable run: it continues when you hang up.
A run may wait for a person; then somebody answers in the inbox, or you are asked. To write workflows: get_schema, then validate until there are no problems, save_workflow, publish_workflow, start.`;

/** The time that a client may show a list before it asks again. */
const LIST_TTL_MS = 60_000;

/** A server for one message, as the package wants it: it holds nothing. */
export function mcpServer(session: Session): Server {
  const isModern = session.era === "modern";
  const codec = stateCodec(session.caller);
  const server = new Server(
    { name: "cairn", title: "Cairn", version: "1" },
    {
      capabilities: { tools: {}, ...(isModern && { extensions: { [TASKS]: {} } }) },
      requestState: { verify: (state, context) => codec.verify(state, context) },
      instructions: INSTRUCTIONS,
    },
  );
  server.setRequestHandler("tools/list", () => listTools(session).catch(tellMove));
  server.setRequestHandler("tools/call", ({ params }, context) =>
    answerCall(withCallKey(session, context), params, context).catch(tellMove),
  );
  if (isModern) serveTasks(server, session);
  return server;
}

const listTools = async ({ caller }: Session) => ({
  tools: [
    ...describeTools(caller),
    ...[...(await findWorkflowTools(caller))].map(([name, it]) => describeWorkflow(name, it)),
  ],
  ttlMs: LIST_TTL_MS,
  cacheScope: "private" as const,
});

async function answerCall(
  session: Session,
  { name, arguments: args = {} }: CallToolRequestParams,
  context: ServerContext,
) {
  const tool = findTool(session.caller, name);
  if (tool) return callTool(session, tool, { args, signal: context.mcpReq.signal });
  const workflow = (await findWorkflowTools(session.caller)).get(name);
  if (workflow) return callWorkflow(session, { tool: name, workflow, args }, context);
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no tool “${name}” here, or the key may not use it. tools/list says which there are.`,
  );
}
