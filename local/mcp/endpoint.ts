import {
  createMcpHandler,
  type McpRequestContext,
  ProtocolError,
  Server,
} from "@modelcontextprotocol/server";
import type { Helpdesk } from "./helpdesk.ts";
import { beginReport, serveTasks, takesTasks, TASKS_EXTENSION } from "./tasks.ts";
import { TOOLS } from "./tools.ts";

/** Makes the endpoint of the order desk as one fetch function. */
export function createEndpoint(desk: Helpdesk): (request: Request) => Promise<Response> {
  const handler = createMcpHandler((context) => serverFor(context, desk), { legacy: "stateless" });
  return (request) => handler.fetch(request);
}

function serverFor({ era }: McpRequestContext, desk: Helpdesk): Server {
  const extensions = era === "modern" ? { extensions: { [TASKS_EXTENSION]: {} } } : {};
  const server = new Server(
    { name: "order-desk", version: "1.0.0" },
    { capabilities: { tools: {}, ...extensions } },
  );
  server.setRequestHandler("tools/list", () => ({ tools: TOOLS.map(({ told }) => told) }));
  server.setRequestHandler("tools/call", ({ params }, context) => {
    const { name, arguments: given = {} } = params;
    const tool = TOOLS.find(({ told }) => told.name === name);
    if (!tool) throw new ProtocolError(-32_602, `There is no tool ${name}.`);
    if (name === "sales_report" && takesTasks(context))
      return beginReport(desk, Number(given["seconds"] ?? 3));
    if (name === "refund_order" && era !== "modern") return CANNOT_ASK;
    return tool.call(desk, given, context);
  });
  if (era === "modern") serveTasks(server, desk);
  return server;
}

const CANNOT_ASK = {
  content: [{ type: "text" as const, text: "A client of this revision cannot be asked. Refund by hand." }],
  isError: true,
};
