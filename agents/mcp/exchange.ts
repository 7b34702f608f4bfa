import { isModern } from "#/agents/mcp/dialect.ts";
import { listenForAnswer } from "#/agents/mcp/listen.ts";
import { readMeaning } from "#/agents/mcp/message.ts";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { toBody, toHeaders, isNotification } from "#/agents/mcp/request.ts";
import type { Listening, McpPorts, Sending } from "#/agents/mcp/sending.ts";
import { SilenceTimer } from "#/agents/mcp/silence-timer.ts";
import { NotConnected, OutboundRefused, type OutboundStream } from "#/lib/outbound.ts";
import { retryAfterMs } from "#/lib/retry-after.ts";

export interface Exchange {
  readonly outcome: Outcome;
  /** The status of HTTP, once there was an answer. */
  readonly status?: number;
  /** The session that the server has begun with this answer. */
  readonly sessionId?: string | undefined;
}

/**
 * Sends one request and reads until it is answered, the stream ends for good, the server is silent for too long, or the port's time or size is over.
 * Never throws for what a server does.
 */
export async function exchange(ports: McpPorts, sending: Sending): Promise<Exchange> {
  const id = ports.newId();
  const silence = new SilenceTimer(ports.silenceMs, sending.request.signal);
  const { signal } = silence;
  try {
    const listening = { ports, sending, id, signal, heard: () => silence.reset() };
    const done = await sendAndListen(listening);
    if (signal.aborted && done.outcome.kind === "unknown") await tellGivenUp(listening);
    return done;
  } finally {
    silence.stop();
  }
}

async function sendAndListen(listening: Listening): Promise<Exchange> {
  const { ports, sending, id, signal } = listening;
  const { address, dialect, request, sessionId } = sending;
  let answering: OutboundStream;
  try {
    answering = await ports.stream({
      url: address.url,
      method: "POST",
      headers: { ...address.headers, ...toHeaders(dialect, { ...request, sessionId }) },
      body: toBody(dialect, request, id),
      signal,
      staysAtOrigin: true,
    });
  } catch (error) {
    return { outcome: unanswered(error) };
  }
  const { status, headers } = answering;
  try {
    const outcome = await readOutcome(answering, listening);
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

async function readOutcome(answering: OutboundStream, listening: Listening): Promise<Outcome> {
  const { status, headers } = answering;
  const { dialect, request } = listening.sending;
  if (status === 401 || status === 403)
    return { kind: "unauthorized", status, challenge: headers["www-authenticate"] ?? "" };
  if (isNotification(request.method) && isSuccess(status)) return { kind: "result", result: {} };
  const answer = await listenForAnswer(answering, listening);
  return answer ? readMeaning(dialect, answer) : withoutAnswer(answering, listening.ports.now());
}

const isSuccess = (status: number) => status >= 200 && status < 300;

/** Tells what a status of HTTP says by itself: too busy to look, or no, or something that a gateway has made up. */
function withoutAnswer({ status, headers }: OutboundStream, now: number): Outcome {
  const reason = `It answered HTTP ${status} (${(headers["content-type"] ?? "no content type").slice(0, 100)}) without an answer to this request.`;
  if (status === 429 || status === 503)
    return { kind: "unsent", reason, mayPass: true, retryAfterMs: retryAfterMs(headers["retry-after"], now) };
  return status >= 400 && status < 500
    ? { kind: "error", code: status, message: reason }
    : { kind: "unknown", reason };
}

const FAREWELL_MS = 2_000;

/** Servers of the older revisions do not take a hang-up for an end, since clients come back there: they are told. */
async function tellGivenUp({ ports, sending, id }: Listening): Promise<void> {
  const { address, dialect, request, sessionId } = sending;
  if (isModern(dialect) || request.method === "initialize" || isNotification(request.method)) return;
  const farewell = {
    method: "notifications/cancelled",
    params: { requestId: id, reason: "The caller has given it up." },
  };
  const headers = { ...address.headers, ...toHeaders(dialect, { ...farewell, sessionId }) };
  const body = toBody(dialect, farewell, "");
  const signal = AbortSignal.timeout(FAREWELL_MS);
  const { url } = address;
  await ports.stream({ url, method: "POST", headers, body, signal, staysAtOrigin: true }).then(
    (answer) => answer.close(),
    () => undefined,
  );
}
