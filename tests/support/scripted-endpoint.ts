import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}
export type Script = (asked: Asked, response: ServerResponse) => void;

/** A server of a maker of models that says what a test tells it to, word for word. */
export async function startScriptedEndpoint() {
  let script: Script = (_asked, response) => void response.writeHead(500).end();
  let requests: Asked[] = [];
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const text = Buffer.concat(pieces).toString();
    const asked = { path: request.url ?? "", headers: request.headers, body: text ? JSON.parse(text) : {} };
    requests.push(asked);
    script(asked, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    answer: (next: Script) => {
      script = next;
      requests = [];
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An answer of server-sent events, as they are given. */
export const events =
  (...all: readonly unknown[]): Script =>
  (_asked, response) =>
    void response
      .writeHead(200, { "content-type": "text/event-stream" })
      .end(
        all
          .map((event) => (typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`))
          .join(""),
      );

/** The same in pieces of a few bytes each: characters, lines and events are torn apart. */
export const tornEvents =
  (...all: readonly unknown[]): Script =>
  (_asked, response) => {
    const bytes = Buffer.from(
      all.map((event) => (typeof event === "string" ? event : `data: ${JSON.stringify(event)}\n\n`)).join(""),
    );
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let at = 0; at < bytes.length; at += 3) response.write(bytes.subarray(at, at + 3));
    response.end();
  };

export const refusal =
  (status: number, body: unknown, headers: Record<string, string> = {}): Script =>
  (_asked, response) =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(body));
