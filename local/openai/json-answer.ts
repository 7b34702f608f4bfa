import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** An error as OpenAI words it. */
export function refuse(response: ServerResponse, status: number, message: string): true {
  const type = status === 429 ? "rate_limit_error" : "invalid_request_error";
  send(response, status, { error: { message, type, code: null } });
  return true;
}

export function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The body as JSON, or undefined, which no schema accepts. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await text(request);
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
