import { createAdaptorServer } from "@hono/node-server";
import { type Authority, createAuthority } from "#/local/mcp/authority.ts";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";

export interface GuardedApi {
  readonly origin: string;
  readonly authority: Authority;
  /** The tokens with which data were asked for. */
  readonly heard: string[];
  readonly stop: () => Promise<void>;
}

/** An API on 127.0.0.1 at `/data`, for those whom its own authority has let in: clients that are registered there by hand. */
export async function startGuardedApi(): Promise<GuardedApi> {
  let origin = "";
  const authority = createAuthority(
    () => origin,
    () => undefined,
  );
  const heard: string[] = [];
  authority.app.get("/data", (c) => {
    heard.push(c.req.header("authorization") ?? "");
    return authority.admits(c.req.raw) ? c.json({ orders: 3 }) : c.json({ error: "unauthorized" }, 401);
  });
  // A browser asks for it by itself.
  authority.app.get("/favicon.ico", (c) => c.body(null, 204));
  const server = createAdaptorServer({ fetch: authority.app.fetch });
  const port = await listenOnLoopback(server, 0);
  origin = `http://127.0.0.1:${port}`;
  return { origin, authority, heard, stop: () => closeServer(server) };
}
