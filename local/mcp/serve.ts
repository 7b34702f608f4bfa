import { createAdaptorServer } from "@hono/node-server";
import { closeServer, listenOnLoopback } from "../loopback.ts";
import { type Authority, createAuthority } from "./authority.ts";
import { createHelpdesk, type Helpdesk } from "./helpdesk.ts";

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
  // Loaded by the first request: 0.15 s of CPU that most starts never need.
  let handler: Promise<(request: Request) => Promise<Response>> | undefined;
  const answer = async (request: Request) => {
    handler ??= import("./endpoint.ts").then(({ createEndpoint }) => createEndpoint(desk));
    return (await handler)(request);
  };
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
