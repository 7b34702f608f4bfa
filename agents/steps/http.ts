import type { PlanStep } from "#/agents/definition/plan.ts";
import { renderText, resolve } from "#/agents/definition/template.ts";
import { writeOnce } from "#/agents/steps/side-effect.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { OutboundRefused } from "#/lib/outbound.ts";
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
  const request = requestOf(step, task);
  const { method, url, body } = request;
  const { "idempotency-key": _ours, ...headers } = request.headers;
  const asked = { method, url, body, headers };
  const write = { name: "http", kind: "http", target: `${method} ${url}`, request: { ...(body !== undefined && { body }) }, asked, repeatable: isRepeatable(step) } as const;
  const value = await (READS.has(method) ? task.once("http", () => send(request, task), asked) : writeOnce(task, write, () => send(request, task)));
  return { value, input: { method, url, ...(body !== undefined && { body }) } };
}

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whoever says so, or writes a retry policy down, takes it that the target honours the idempotency key. */
const isRepeatable = ({ idempotent, retry }: HttpStep) => idempotent ?? (retry?.attempts ?? 1) > 1;

function requestOf(step: HttpStep, task: Task): HttpRequest {
  const url = new URL(renderText(step.url, task.scope));
  for (const [name, value] of Object.entries(step.query ?? {})) url.searchParams.set(name, renderText(value, task.scope));
  const headers = Object.fromEntries(Object.entries(step.headers ?? {}).map(([name, value]) => [name.toLowerCase(), renderText(value, task.scope)]));
  const body = step.body === undefined ? undefined : resolve(step.body, task.scope);
  return {
    url: url.href,
    method: step.method,
    headers: {
      "idempotency-key": task.id,
      ...(body !== undefined && typeof body !== "string" && { "content-type": "application/json" }),
      ...headers,
    },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
  };
}

async function send(request: HttpRequest, task: Task): Promise<unknown> {
  const { url, method, headers, body } = request;
  const response = await task.ports.fetch({ url, method, headers, body, signal: task.signal }).catch((cause: unknown) => {
    if (task.signal.aborted) throw task.signal.reason;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StepError("http-unreachable", `${method} ${url} failed: ${message}`, { retryable: !(cause instanceof OutboundRefused), cause });
  });
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

function parseBody(text: string, contentType: string | undefined): unknown {
  if (!contentType?.includes("json")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
