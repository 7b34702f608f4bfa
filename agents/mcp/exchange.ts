import { readEvents } from "#/agents/mcp/event-reader.ts";
import type { ServerAddress } from "#/agents/mcp/dialect.ts";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import { type Answer, readMeaning, readAnswer } from "#/agents/mcp/message.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { toBody, toHeaders, isNotification, type Request } from "#/agents/mcp/request.ts";
import { type GuardedStream, NotConnected, OutboundRefused, type OutboundStream } from "#/lib/outbound.ts";
import { retryAfterMs } from "#/lib/retry-after.ts";

/** The outside world as a client needs it. */
export interface McpPorts {
  /** With the time and the size that one exchange may take. */
  readonly stream: GuardedStream;
  readonly newId: () => string;
  readonly now: () => number;
}

/** One request on its way to a server. */
export interface Sending {
  readonly address: ServerAddress;
  readonly dialect: Dialect;
  readonly request: Request;
  readonly sessionId?: string | undefined;
}

export interface Exchange {
  readonly outcome: Outcome;
  /** The status of HTTP, once there was an answer. */
  readonly status?: number;
  /** The session that the server has begun with this answer. */
  readonly sessionId?: string | undefined;
}

/** Sends one request and reads until it is answered, the stream ends, or the port's time or size is over. Never throws for what a server does. */
export async function exchange(ports: McpPorts, sending: Sending): Promise<Exchange> {
  const id = ports.newId();
  const { address, dialect, request, sessionId } = sending;
  let answering: OutboundStream;
  try {
    answering = await ports.stream({
      url: address.url,
      method: "POST",
      headers: { ...address.headers, ...toHeaders(dialect, { ...request, sessionId }) },
      body: toBody(dialect, request, id),
      signal: request.signal,
      staysAtOrigin: true,
    });
  } catch (error) {
    return { outcome: unanswered(error) };
  }
  const { status, headers } = answering;
  try {
    const outcome = await readOutcome(answering, { sending, id, now: ports.now() });
    return { outcome, status, sessionId: headers["mcp-session-id"] };
  } catch (error) {
    return { outcome: { kind: "unknown", reason: toReason(error) }, status };
  } finally {
    answering.close();
  }
}

/** Tells what a request came to that got no answer. */
function unanswered(error: unknown): Outcome {
  const reason = toReason(error);
  if (error instanceof OutboundRefused) return { kind: "unsent", reason, mayPass: false };
  return error instanceof NotConnected
    ? { kind: "unsent", reason, mayPass: true }
    : { kind: "unknown", reason };
}

function toReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isTimeout(error) || isTimeout(error.cause)) return "It did not answer in time.";
  if (error.name === "AbortError") return "It was given up before it answered.";
  return error.message;
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === "TimeoutError";

interface Asked {
  readonly sending: Sending;
  readonly id: string;
  readonly now: number;
}

async function readOutcome(answering: OutboundStream, { sending, id, now }: Asked): Promise<Outcome> {
  const { status, headers } = answering;
  if (status === 401 || status === 403)
    return { kind: "unauthorized", status, challenge: headers["www-authenticate"] ?? "" };
  if (isNotification(sending.request.method) && isSuccess(status)) return { kind: "result", result: {} };
  const answer = await findAnswer(answering, id);
  return answer ? readMeaning(sending.dialect, answer) : withoutAnswer(answering, now);
}

const isSuccess = (status: number) => status >= 200 && status < 300;

async function findAnswer({ headers, pieces }: OutboundStream, id: string): Promise<Answer | undefined> {
  if (!headers["content-type"]?.toLowerCase().startsWith("text/event-stream"))
    return readAnswer(await readText(pieces), id);
  for await (const data of readEvents(pieces)) {
    const answer = readAnswer(data, id);
    if (answer) return answer;
  }
  return undefined;
}

async function readText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read).toString("utf8");
}

/** Tells what a status of HTTP says by itself: too busy to look, or no, or something that a gateway has made up. */
function withoutAnswer({ status, headers }: OutboundStream, now: number): Outcome {
  const reason = `It answered HTTP ${status} (${(headers["content-type"] ?? "no content type").slice(0, 100)}) without an answer to this request.`;
  if (status === 429 || status === 503)
    return { kind: "unsent", reason, mayPass: true, retryAfterMs: retryAfterMs(headers["retry-after"], now) };
  return status >= 400 && status < 500
    ? { kind: "error", code: status, message: reason }
    : { kind: "unknown", reason };
}
