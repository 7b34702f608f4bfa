import { subscribe } from "node:diagnostics_channel";
import { ServerResponse } from "node:http";
import { Socket } from "node:net";

/** Tells a process that it will be ended in a moment. */
export const LEAVE = "leave";
/** A connection that asks nothing for so long, when nothing new is taken any more, has nothing to ask. Browsers open some in advance. */
const SILENCE_MS = 1_000;

const open = new Set<ServerResponse>();
const sockets = new Set<Socket>();
let isLeaving = false;

/**
 * Prepares this process's HTTP server for going: whoever ends it lets answers under way end, and this sees to it that they do. Connections are not
 * kept for a next request, and event streams, which have no end, are broken off: whoever follows one comes back and is served by another process.
 */
export function leavePolitely(): void {
  subscribe("net.server.socket", (message) => {
    const socket = readProperty(message, "socket");
    if (!(socket instanceof Socket)) return;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  subscribe("http.server.request.start", (message) => {
    const response = readProperty(message, "response");
    if (!(response instanceof ServerResponse)) return;
    open.add(response);
    response.once("close", () => open.delete(response));
    if (isLeaving) response.shouldKeepAlive = false;
  });
  process.on("message", (message) => {
    if (message === LEAVE) leave();
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
    process.once(signal, () => {
      leave();
      setTimeout(closeSilent, SILENCE_MS).unref();
    });
}

function readProperty(message: unknown, name: string): unknown {
  return typeof message === "object" && message !== null ? Reflect.get(message, name) : undefined;
}

function leave(): void {
  isLeaving = true;
  for (const response of open) {
    if (isEventStream(response)) response.destroy();
    else response.shouldKeepAlive = false;
  }
}

/** By the head as it was sent: `getHeader` does not know of what was given to `writeHead`. */
function isEventStream(response: ServerResponse): boolean {
  return /^content-type: text\/event-stream/im.test(String(readProperty(response, "_header")));
}

function closeSilent(): void {
  const busy = new Set([...open].map(({ socket }) => socket));
  for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
}
