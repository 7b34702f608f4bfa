import type { PlanStep } from "#/agents/definition/plan.ts";
import { renderText, resolve } from "#/agents/definition/template.ts";
import { type Secrets, secretsOf } from "#/agents/steps/secrets.ts";
import { writeOnce } from "#/agents/steps/side-effect.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { OutboundRefused, type OutboundRequest, type OutboundResponse } from "#/lib/outbound.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";

type HttpStep = Extract<PlanStep, { type: "http" }>;

interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** One guarded request, journaled, with an idempotency key. The value is `{status, headers, body}`; an answer ≥ 400 is a failure. */
export async function runHttp(step: HttpStep, task: Task): Promise<StepResult> {
  const secrets = await secretsOf(step, task);
  const shown = await shownRequest(step, task, secrets);
  const { method, url, body } = shown;
  const { "idempotency-key": _ours, ...headers } = shown.headers;
  const asked = { method, url, body, headers };
  const write = { name: "http", kind: "http", target: `${method} ${url}`, request: { ...(body !== undefined && { body }) }, asked, repeatable: isRepeatable(step) } as const;
  const send = () => secrets.keep(async () => sendRequest(requestOf(step, task.id, secrets.scope), task, secrets));
  const value = await (READS.has(method) ? task.once("http", send, asked) : writeOnce(task, write, send));
  return { value, input: { method, url, ...(body !== undefined && { body }) } };
}

/** The request with stand-ins for secrets. Where those make no sense, as in the middle of a calculation, they are put in afterwards. */
async function shownRequest(step: HttpStep, task: Task, { scope, shown, keep }: Secrets): Promise<HttpRequest> {
  const request = await keep(async () => requestOf(step, task.id, scope));
  return scope === shown ? request : keep(async () => readable(requestOf(step, task.id, shown))).catch(() => request);
}

/** In an address, a stand-in is encoded. */
const readable = (request: HttpRequest): HttpRequest => ({ ...request, url: request.url.replaceAll(ENCODED_MARK, MARK) });

const MARK = "•••";
const ENCODED_MARK = encodeURIComponent(MARK);

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whoever says so, or writes a retry policy down, takes it that the target honours the idempotency key. */
const isRepeatable = ({ idempotent, retry }: HttpStep) => idempotent ?? (retry?.attempts ?? 1) > 1;

function requestOf(step: HttpStep, idempotencyKey: string, scope: Task["scope"]): HttpRequest {
  const url = new URL(renderText(step.url, scope));
  for (const [name, value] of Object.entries(step.query ?? {})) url.searchParams.set(name, renderText(value, scope));
  const headers = Object.fromEntries(Object.entries(step.headers ?? {}).map(([name, value]) => [name.toLowerCase(), renderText(value, scope)]));
  const body = step.body === undefined ? undefined : resolve(step.body, scope);
  return {
    url: url.href,
    method: step.method,
    headers: {
      "idempotency-key": idempotencyKey,
      ...(body !== undefined && typeof body !== "string" && { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  };
}

async function sendRequest(request: HttpRequest, task: Task, { mask, fetch }: Secrets): Promise<unknown> {
  const { url, method, headers, body } = request;
  // Masked before anything is cut short: half a secret would not be recognised.
  const response = mask(await reach({ fetch, signal: task.signal }, { url, method, headers, body, signal: task.signal }));
  if (response.status >= 400) {
    const retryable = response.status === 429 || response.status >= 500;
    throw new StepError(`http-${response.status}`, `${method} ${url} answered ${response.status}: ${response.body.slice(0, 300)}`, {
      retryable,
      retryAfterMs: Number(response.headers["retry-after"]) * 1000 || undefined,
    });
  }
  const { status } = response;
  return { status, headers: response.headers, body: parseBody(response.body, response.headers["content-type"]) };
}

interface Reach {
  readonly fetch: Secrets["fetch"];
  readonly signal: AbortSignal;
}

/** Makes a request, for a step or for a tool. @throws StepError when there is no answer, which may be tried again unless a rule of ours is in the way */
export async function reach({ fetch, signal }: Reach, request: OutboundRequest): Promise<OutboundResponse> {
  return fetch(request).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof StepError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StepError("http-unreachable", `${request.method ?? "GET"} ${request.url} failed: ${message}`, { retryable: !(cause instanceof OutboundRefused), cause });
  });
}

function parseBody(text: string, contentType: string | undefined): unknown {
  if (!contentType?.includes("json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
