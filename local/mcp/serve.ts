import { createAdaptorServer } from "@hono/node-server";
import {
  createMcpHandler,
  type McpRequestContext,
  ProtocolError,
  Server,
} from "@modelcontextprotocol/server";
import { closeServer, listenOnLoopback } from "../loopback.ts";
import { type Authority, createAuthority } from "./authority.ts";
import { createHelpdesk, type Helpdesk } from "./helpdesk.ts";
import { beginReport, serveTasks, takesTasks, TASKS_EXTENSION } from "./tasks.ts";
import { TOOLS } from "./tools.ts";

interface McpOptions {
  /** 0 lets the system choose. */
  readonly port: number;
}

export interface McpStandIn {
  readonly port: number;
  /** The address at which the server answers everybody. */
  readonly url: string;
  /** The address at which the server answers those who have signed in. */
  readonly privateUrl: string;
  readonly authority: Authority;
  readonly desk: Helpdesk;
  readonly stop: () => Promise<void>;
}

/** An MCP server on 127.0.0.1 that speaks both eras: an order desk with a read, a write, a question and a task. */
export async function startMcp({ port: wished }: McpOptions): Promise<McpStandIn> {
  const desk = createHelpdesk();
  const answer = mcpFetch(desk);
  let origin = "";
  const authority = createAuthority(
    () => origin,
    () => `${origin}/private/mcp`,
  );
  authority.app.all("/private/mcp", (c) =>
    authority.admits(c.req.raw) ? answer(c.req.raw) : authority.challenge(),
  );
  authority.app.all("/mcp", (c) => answer(c.req.raw));
  const server = createAdaptorServer({ fetch: authority.app.fetch });
  const port = await listenOnLoopback(server, wished);
  origin = `http://127.0.0.1:${port}`;
  return {
    port,
    url: `${origin}/mcp`,
    privateUrl: `${origin}/private/mcp`,
    desk,
    authority,
    stop: () => closeServer(server),
  };
}

/** The endpoint as one fetch function. */
function mcpFetch(desk: Helpdesk): (request: Request) => Promise<Response> {
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
