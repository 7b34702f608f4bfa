import { readAnswer } from "#/agents/steps/http/answer.ts";
import { type HttpStep, READ_METHODS } from "#/agents/steps/http/type.ts";
import { renderText, resolve } from "#/agents/definition/expression/template.ts";
import { type Secrets, readSecrets } from "#/agents/steps/secrets.ts";
import { writeOnce } from "#/agents/steps/side-effect.ts";
import { StepError, toStepError } from "#/agents/steps/step-error.ts";
import { listFields, writeBody } from "#/lib/bytes/request-body.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { OutboundRefused, type OutboundRequest, type OutboundResponse } from "#/lib/outbound.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  /** The text that the journal and people see of it. */
  readonly body: string | undefined;
  readonly sent: string | Uint8Array | undefined;
}

/** One guarded request, journaled, with an idempotency key. The value is `{status, headers, body}`; an answer ≥ 400 is a failure. */
export async function runHttp(step: HttpStep, task: Task): Promise<StepResult> {
  const secrets = await readSecrets(step, task);
  const shown = await shownRequest(step, task, secrets);
  const { method, url, body } = shown;
  const { "idempotency-key": _ours, ...headers } = shown.headers;
  const asked = { method, url, body, headers };
  const write = {
    name: "http",
    kind: "http",
    target: `${method} ${url}`,
    request: { ...(body !== undefined && { body }) },
    asked,
    repeatable: isRepeatable(step),
  } as const;
  const send = () =>
    secrets.keep(async () => sendRequest(buildRequest(step, task.id, secrets.scope), task, secrets));
  const value = await (READ_METHODS.has(method)
    ? task.once("http", send, asked)
    : writeOnce(task, write, send));
  return { value, input: { method, url, ...(body !== undefined && { body }) } };
}

/** The request with stand-ins for secrets. Where those make no sense, as in the middle of a calculation, they are put in afterwards. */
async function shownRequest(
  step: HttpStep,
  task: Task,
  { scope, shown, keep }: Secrets,
): Promise<HttpRequest> {
  const request = await keep(async () => buildRequest(step, task.id, scope));
  return scope === shown
    ? request
    : keep(async () => readable(buildRequest(step, task.id, shown))).catch(() => request);
}

/** In an address, a stand-in is encoded. */
const readable = (request: HttpRequest): HttpRequest => ({
  ...request,
  url: request.url.replaceAll(ENCODED_MARK, MARK),
});

const MARK = "•••";
const ENCODED_MARK = encodeURIComponent(MARK);

/** Whoever says so, or writes a retry policy down, takes it that the target honours the idempotency key. */
const isRepeatable = ({ idempotent, retry }: HttpStep) => idempotent ?? (retry?.attempts ?? 1) > 1;

function buildRequest(step: HttpStep, idempotencyKey: string, scope: Task["scope"]): HttpRequest {
  const url = parseAddress(renderText(step.url, scope));
  const query = resolve(step.query ?? {}, scope);
  for (const [name, text] of isJsonObject(query) ? listFields(query) : [])
    url.searchParams.append(name, text);
  const given = Object.entries(step.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), renderText(value, scope)] as const,
  );
  const headers: Record<string, string> = { "idempotency-key": idempotencyKey, ...Object.fromEntries(given) };
  return {
    url: url.href,
    method: step.method,
    headers,
    ...(step.body === undefined ? NO_BODY : encodeBody(resolve(step.body, scope), headers)),
  };
}

const NO_BODY = { body: undefined, sent: undefined };

/** The headers get the content type that the body is written in. */
function encodeBody(value: unknown, headers: Record<string, string>): Pick<HttpRequest, "body" | "sent"> {
  const { body, contentType } = writeBody(value, headers["content-type"], headers["idempotency-key"] ?? "");
  if (typeof value !== "string") headers["content-type"] = contentType;
  return { body: typeof body === "string" ? body : JSON.stringify(value), sent: body };
}

/** @throws StepError before anything is on record as begun */
function parseAddress(text: string): URL {
  const url = URL.parse(text);
  if (url) return url;
  throw new StepError(
    "http-unsendable",
    `“${text.slice(0, 200)}” is not an address. It begins with https:// and names a host.`,
  );
}

async function sendRequest(request: HttpRequest, task: Task, { mask, fetch }: Secrets): Promise<unknown> {
  const { url, method, headers, sent } = request;
  // Masked before anything is cut short: half a secret would not be recognised.
  const response = mask(
    await reach({ fetch, signal: task.signal }, { url, method, headers, body: sent, signal: task.signal }),
  );
  return readAnswer({ url, method }, response);
}

/** Node's words for a header, a method or a path that cannot stand in a request. Nothing has left. */
const UNSENDABLE: ReadonlySet<unknown> = new Set([
  "ERR_INVALID_CHAR",
  "ERR_INVALID_HTTP_TOKEN",
  "ERR_UNESCAPED_CHARACTERS",
  "ERR_HTTP_INVALID_HEADER_VALUE",
  "ERR_INVALID_ARG_TYPE",
]);

const isUnsendable = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && UNSENDABLE.has(cause.code);

interface Reach {
  readonly fetch: Secrets["fetch"];
  readonly signal: AbortSignal;
}

/** The step's own end, with what the network said of it. */
function stopped(reason: unknown, cause: unknown): StepError {
  const { code, message, retryable, endsAs } = toStepError(reason);
  return new StepError(code, message, { retryable, endsAs, cause });
}

/** Makes a request, for a step or for a tool. @throws StepError when there is no answer, which may be tried again unless a rule of ours is in the way */
export async function reach({ fetch, signal }: Reach, request: OutboundRequest): Promise<OutboundResponse> {
  return fetch(request).catch((cause: unknown) => {
    if (signal.aborted) throw stopped(signal.reason, cause);
    if (cause instanceof StepError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    if (isUnsendable(cause))
      throw new StepError(
        "http-unsendable",
        `${request.method ?? "GET"} ${request.url} cannot be sent: ${message}`,
        { cause },
      );
    throw new StepError("http-unreachable", `${request.method ?? "GET"} ${request.url} failed: ${message}`, {
      retryable: !(cause instanceof OutboundRefused),
      cause,
    });
  });
}
