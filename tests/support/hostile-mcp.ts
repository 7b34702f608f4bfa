import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";

interface Message {
  readonly id?: string;
  readonly method: string;
  readonly params?: { readonly [key: string]: unknown };
}

export interface Exchange {
  readonly message: Message;
  readonly headers: IncomingMessage["headers"];
  readonly response: ServerResponse;
  /** Answers the request with a result. */
  readonly answer: (result: object, status?: number) => void;
  /** Opens a stream of events, and sends one. */
  readonly event: (data: unknown) => void;
}

type Behaviour = (exchange: Exchange) => unknown;

/** A server whose every answer a test writes. */
export interface HostileServer {
  readonly url: string;
  readonly origin: string;
  /** The methods that arrived, in order. */
  readonly heard: string[];
  behave: Behaviour;
  readonly stop: () => Promise<void>;
}

export async function startHostileMcp(): Promise<HostileServer> {
  const heard: string[] = [];
  const server = createServer((request, response) => void serve(request, response));
  const port = await listenOnLoopback(server, 0);
  const origin = `http://127.0.0.1:${port}`;
  const hostile: HostileServer = {
    url: `${origin}/mcp`,
    origin,
    heard,
    behave: ({ answer }) => answer({}),
    stop: () => closeServer(server),
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const message: Message = body.startsWith("{")
      ? JSON.parse(body)
      : { method: `${request.method} ${request.url}` };
    heard.push(message.method);
    const answer = (result: object, status = 200) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(
          JSON.stringify({ jsonrpc: "2.0", id: message.id, result: { resultType: "complete", ...result } }),
        );
    const event = (data: unknown) => {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`event: message\ndata: ${JSON.stringify(data)}\n\n`);
    };
    await hostile.behave({ message, headers: request.headers, response, answer, event });
  }
  return hostile;
}
