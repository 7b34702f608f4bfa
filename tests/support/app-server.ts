import { readdirSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";

/** Serves the route files of app/api as Next would, but for middleware: a real wire for contracts of single routes. */

type Handler = (
  request: Request,
  context: { readonly params: Promise<Record<string, string>> },
) => Promise<Response>;

interface RouteFile {
  readonly pattern: RegExp;
  readonly file: string;
}

const APP = path.resolve(import.meta.dirname, "../../app");

/** Every route file under app/api, as its path in an address: /api/v1/runs/[id] */
export function routePaths(): readonly string[] {
  return (
    readdirSync(path.join(APP, "api"), { recursive: true, encoding: "utf8" })
      .filter((file) => path.basename(file) === "route.ts")
      .map((file) => `/api/${path.dirname(file)}`)
      // What takes everything comes last.
      .toSorted((a, b) => Number(a.includes("...")) - Number(b.includes("...")) || a.localeCompare(b))
  );
}

const ROUTES: readonly RouteFile[] = routePaths().map((route) => ({
  pattern: new RegExp(
    `^${route.replace(/\[\.\.\.(\w+)\]/, "(?<$1>.+)").replaceAll(/\[(\w+)\]/g, "(?<$1>[^/]+)")}$`,
  ),
  file: path.join(APP, route.slice(1), "route.ts"),
}));

/** @param port 0 lets the system choose */
export async function startAppServer(port = 0): Promise<{
  readonly port: number;
  readonly stop: () => Promise<void>;
}> {
  const server = http.createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => {
      // Who has gone in the middle of a request hears of nothing, even where all of it had arrived.
      if (incoming.errored === null) throw error;
    });
  });
  // Longer than callers keep a connection: one that is closed while a request is on its way is an error for them.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: address.port, stop };
}

async function serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const response = await answer(incoming, outgoing);
  // The rest of a body that was refused is still on its way.
  if (!incoming.complete) outgoing.setHeader("connection", "close");
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.flushHeaders();
  await pipeline(
    response.body ? Readable.fromWeb(response.body as WebStream) : Readable.from([]),
    outgoing,
  ).catch(() => undefined);
}

/** Answers as the route of its address does. */
export async function routeRequest(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const route = ROUTES.find(({ pattern }) => pattern.test(pathname));
  if (!route) return new Response(null, { status: 404 });
  const handlers: Readonly<Record<string, Handler | undefined>> = await import(route.file);
  const handler = handlers[request.method];
  return handler
    ? handler(request, { params: Promise.resolve({ ...route.pattern.exec(pathname)?.groups }) })
    : new Response(null, { status: 405 });
}

function answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<Response> {
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host}`);
  const method = incoming.method ?? "GET";
  const left = new AbortController();
  outgoing.on("close", () => left.abort());
  const body = method === "GET" || method === "HEAD" ? null : toStream(incoming);
  const headers = new Headers(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const init = { method, headers, body, duplex: "half", signal: left.signal };
  return routeRequest(new Request(url, init));
}

function toStream(incoming: http.IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
