import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage } from "node:http";

/** The address that answers a request with a method that no address has. */
const METHOD_NOT_ALLOWED = "/api/method-not-allowed";

/**
 * Makes request lines readable before Next sees them: it answers 500 to a path that cannot be decoded and to TRACE, and neither middleware nor a route is
 * asked. Node tells this channel of every request before its server does.
 */
export function openFrontDoor(): void {
  subscribe("http.server.request.start", (message) => {
    if (
      typeof message === "object" &&
      message !== null &&
      "request" in message &&
      message.request instanceof IncomingMessage
    )
      makeReadable(message.request);
  });
}

function makeReadable(request: IncomingMessage): void {
  if (request.method === "TRACE") Object.assign(request, { method: "GET", url: METHOD_NOT_ALLOWED });
  else if (request.url?.includes("%")) request.url = readablePath(request.url);
}

/** A piece of a path that cannot be decoded is taken as it stands: it names nothing, and is answered like everything that names nothing. */
export function readablePath(url: string): string {
  const queryAt = url.indexOf("?");
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const pieces = path.split("/").map((piece) => (isDecodable(piece) ? piece : piece.replaceAll("%", "%25")));
  return pieces.join("/") + url.slice(path.length);
}

function isDecodable(piece: string): boolean {
  try {
    decodeURIComponent(piece);
    return true;
  } catch {
    return false;
  }
}
