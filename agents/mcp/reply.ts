import type { Listening } from "#/agents/mcp/sending.ts";
import type { ServerRequest } from "#/agents/mcp/message.ts";
import { toHeaders } from "#/agents/mcp/request.ts";

const REPLY_MS = 5_000;
const METHOD_NOT_FOUND = -32_601;

/**
 * Answers what a server of the older revisions asks while it is listened to: a ping with a sign of life, everything else with a no, for nothing else was
 * offered. It is not waited for, and one that does not arrive is the server's loss.
 */
export function replyTo({ id, method }: ServerRequest, { ports, sending }: Listening): void {
  const { address, dialect, sessionId } = sending;
  const said =
    method === "ping"
      ? { result: {} }
      : { error: { code: METHOD_NOT_FOUND, message: "This client does not answer that." } };
  const headers = { ...address.headers, ...toHeaders(dialect, { method: "reply", sessionId }) };
  const body = JSON.stringify({ jsonrpc: "2.0", id, ...said });
  const signal = AbortSignal.timeout(REPLY_MS);
  const { url } = address;
  void ports.stream({ url, method: "POST", headers, body, signal, staysAtOrigin: true }).then(
    (answer) => answer.close(),
    () => undefined,
  );
}
