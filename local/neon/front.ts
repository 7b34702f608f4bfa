import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createWebSocketStream, WebSocketServer } from "ws";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import type { Backend } from "#/local/neon/backend.ts";
import { type HttpSql, httpSql } from "#/local/neon/http-sql.ts";

/** A PostgreSQL startup packet begins with its length, whose first byte is 0; no HTTP request does. */
const POSTGRES_FIRST_BYTE = 0;
/** WebSocket's close code of a server that stops. */
const GOING_AWAY = 1001;
const LONGEST_GOODBYE_MS = 300;

/**
 * Neon's three doors on one loopback port, in front of any PostgreSQL: SQL over HTTP (`POST /sql`),
 * the protocol over WebSocket (`/v2`), and the protocol itself for psql, pg and every other tool.
 */
export async function startFront(
  port: number,
  backend: Backend,
): Promise<{ port: number; stop: () => Promise<void> }> {
  let sql: HttpSql | undefined;
  const http = createHttpServer((request, response) => {
    void sql?.handle(request, response);
  });
  const sockets = serveWebSockets(http, backend);
  const clients = new Set<net.Socket>();
  const front = net.createServer({ noDelay: true }, (socket) => {
    clients.add(socket);
    socket.on("close", () => clients.delete(socket));
    socket.on("error", () => socket.destroy());
    route(socket, http, backend);
  });
  const listening = await listenOnLoopback(front, port);
  sql = httpSql(backend.address ?? { host: "127.0.0.1", port: listening }, backend.connections);
  const stop = async () => {
    await sql?.stop();
    sockets.close();
    for (const socket of sockets.clients) socket.close(GOING_AWAY);
    await Promise.race([allClosed(sockets), delay(LONGEST_GOODBYE_MS, undefined, { ref: false })]);
    for (const socket of clients) socket.destroy();
    await closeServer(front);
  };
  return { port: listening, stop };
}

async function allClosed(sockets: WebSocketServer): Promise<void> {
  await Promise.all([...sockets.clients].map(async (socket) => once(socket, "close")));
}

function route(socket: net.Socket, http: HttpServer, backend: Backend): void {
  socket.once("readable", () => {
    const head: unknown = socket.read();
    if (!(head instanceof Buffer)) return;
    socket.unshift(head);
    if (head[0] === POSTGRES_FIRST_BYTE) backend.serve(socket);
    else http.emit("connection", socket);
  });
}

function serveWebSockets(http: HttpServer, backend: Backend): WebSocketServer {
  const sockets = new WebSocketServer({ server: http, path: "/v2", perMessageDeflate: false });
  sockets.on("connection", (socket) => {
    const client = createWebSocketStream(socket);
    client.on("error", () => client.destroy());
    backend.serve(client);
  });
  return sockets;
}
