import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

/** An error as OpenAI words it. */
export function refuse(response: ServerResponse, status: number, message: string): true {
  send(response, status, wordRefusal(status, message));
  return true;
}

export function wordRefusal(status: number, message: string): object {
  const type = status === 429 ? "rate_limit_error" : "invalid_request_error";
  return { error: { message, type, code: null } };
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
