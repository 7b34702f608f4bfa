import { isModern } from "#/agents/mcp/dialect.ts";
import type { Progress } from "#/agents/mcp/message.ts";
import type { Dialect } from "#/agents/vocabulary/mcp.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** One JSON-RPC request, before it has a form on the wire. */
export interface Request {
  readonly method: string;
  readonly params?: JsonObject | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The same for every repetition of the same call; servers that honour it act once. */
  readonly idempotencyKey?: string | undefined;
  /** Told how far the server has got, where it says so. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export const CLIENT = { name: "cairn", version: "1" };
const TASKS_EXTENSION = "io.modelcontextprotocol/tasks";

/** The abilities of ours that a server may ask for. In the older revisions a server asks on an open stream, which nobody can leave waiting for a week: there we offer nothing. */
const CAPABILITIES = { elicitation: { form: {}, url: {} }, extensions: { [TASKS_EXTENSION]: {} } };
const PREFIX = "io.modelcontextprotocol/";
/** Methods whose header names what the call is about. */
const NAMED: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

export const isNotification = (method: string): boolean => method.startsWith("notifications/");

/** The body of a request. */
export function toBody(dialect: Dialect, request: Request, id: string): string {
  const { method, params = {} } = request;
  const about = isNotification(method) ? {} : { id };
  return JSON.stringify({
    jsonrpc: "2.0",
    ...about,
    method,
    params: { ...params, ...toMeta(dialect, request, id) },
  });
}

function toMeta(dialect: Dialect, { idempotencyKey, onProgress }: Request, id: string): JsonObject {
  const key = idempotencyKey === undefined ? {} : { "cairn/idempotencyKey": idempotencyKey };
  const envelope = isModern(dialect)
    ? {
        [`${PREFIX}protocolVersion`]: dialect.version,
        [`${PREFIX}clientInfo`]: CLIENT,
        [`${PREFIX}clientCapabilities`]: CAPABILITIES,
      }
    : {};
  const progress = onProgress === undefined ? {} : { progressToken: id };
  const meta = { ...envelope, ...key, ...progress };
  return Object.keys(meta).length === 0 ? {} : { _meta: meta };
}

interface ToHeaders extends Request {
  readonly sessionId?: string | undefined;
}

/** The headers of a request, beside those that authorize it. */
export function toHeaders(
  dialect: Dialect,
  { method, params, sessionId, idempotencyKey }: ToHeaders,
): Record<string, string> {
  const named = NAMED[method] === undefined ? undefined : params?.[NAMED[method]];
  return {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    // The handshake agrees on the version first.
    ...(method !== "initialize" && { "mcp-protocol-version": dialect.version }),
    ...(isModern(dialect) && { "mcp-method": method }),
    ...(isModern(dialect) && typeof named === "string" && { "mcp-name": headerValue(named) }),
    ...(sessionId !== undefined && { "mcp-session-id": sessionId }),
    ...(idempotencyKey !== undefined && { "idempotency-key": headerValue(idempotencyKey) }),
  };
}

const PLAIN = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/;

/** Header values are ASCII; anything else travels in the protocol's base64 form. */
function headerValue(text: string): string {
  const isPlain = PLAIN.test(text) && !text.startsWith("=?base64?");
  return isPlain ? text : `=?base64?${Buffer.from(text).toString("base64")}?=`;
}
