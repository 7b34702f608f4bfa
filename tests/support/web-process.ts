// The queue's endpoints as a process of their own that a test can kill: node --conditions=react-server tests/support/web-process.ts <port>
import http from "node:http";
import { POST as run } from "#/app/api/queue/run/route.ts";
import { POST as tick } from "#/app/api/queue/tick/route.ts";

const routes: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  "/api/queue/run": run,
  "/api/queue/tick": tick,
};

const server = http.createServer((incoming, outgoing) => void serve(incoming, outgoing));

async function serve(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
  const response = await answer(incoming);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(await response.text());
}

async function answer(incoming: http.IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const url = `http://${incoming.headers.host}${incoming.url}`;
  const handle = routes[new URL(url).pathname];
  if (!handle) return new Response(null, { status: 404 });
  const headers = new Headers(
    Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return handle(new Request(url, { method: "POST", headers, body: Buffer.concat(chunks) })).catch(
    (error: unknown) => {
      console.error(error);
      return new Response(null, { status: 500 });
    },
  );
}

server.keepAliveTimeout = 65_000;
server.listen(Number(process.argv[2]), "127.0.0.1", () => process.send?.("ready"));
process.on("disconnect", () => process.exit(0));
