import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ValiError } from "valibot";
import { Refusal } from "#/local/qstash/refusal.ts";
import type { Answer, Call, Router } from "#/local/qstash/router.ts";

/** 10 MB is the largest message of the paid plan; a batch may hold several. */
const LARGEST_MESSAGE = 10_000_000;
const LARGEST_BATCH = 100_000_000;

/** A plain node:http listener: a framework between would cost each publish more than its database write. */
export function answerRequests(
  router: Router,
  token: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  const expected = Buffer.from(token);
  return (request, response) => {
    const given = Buffer.from(request.headers.authorization?.replace(/^bearer /i, "") ?? "");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      reply(response, {
        status: 401,
        body: { error: "unauthorized: send the token as `Authorization: Bearer <token>`" },
      });
      request.resume();
      return;
    }
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.once("end", () => reply(response, answerOrError(router, request, Buffer.concat(parts))));
  };
}

function answerOrError(router: Router, request: IncomingMessage, body: Buffer): Answer {
  try {
    return router.answer(readCall(request, body));
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: { error: error.message } };
    if (error instanceof SyntaxError || error instanceof URIError || error instanceof ValiError)
      return { status: 400, body: { error: error.message } };
    console.error("qstash: a request failed", error);
    return { status: 500, body: { error: "internal error" } };
  }
}

function readCall(request: IncomingMessage, body: Buffer): Call {
  const target = request.url ?? "/";
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const search = mark === -1 ? "" : target.slice(mark);
  if (body.length > (path === "/v2/batch" ? LARGEST_BATCH : LARGEST_MESSAGE))
    throw new Refusal(413, "the message is larger than 10 MB");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: request.method ?? "GET",
    path,
    search,
    query: new URLSearchParams(search),
    headers,
    body,
    callerIp: request.socket.remoteAddress,
  };
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  const text = body === undefined ? "" : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
