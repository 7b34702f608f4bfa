import * as v from "valibot";
import type { Outcome } from "#/agents/mcp/outcome.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ChosenTool, McpToolPorts } from "#/agents/tools/mcp/ports.ts";
import { isOver, readTask, ToldTask } from "#/agents/tools/mcp/told-task.ts";
import type { ToolContext, ToolPart } from "#/agents/tools/tool.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** One call of a server's tool, under way. */
export interface ServerCall {
  readonly ports: Omit<McpToolPorts, "find" | "names">;
  readonly chosen: ChosenTool;
  readonly context: ToolContext;
}

interface Exchange {
  readonly key: string;
  readonly method: string;
  readonly params: JsonObject;
  /** The effect of the exchange; without it, the tool's. */
  readonly effect?: ToolPart["effect"];
  /** The result where the server answers an error; without it, that is one. */
  readonly ifRefused?: JsonObject;
}

const Kept = v.variant("kind", [
  v.looseObject({
    kind: v.literal("result"),
    result: v.custom<JsonObject>(isJsonObject),
    /** True if a person has said what came of the request. */
    isAssumed: v.optional(v.boolean(), false),
  }),
  v.looseObject({ kind: v.literal("task"), task: ToldTask, runId: v.optional(v.string()) }),
  v.looseObject({
    kind: v.literal("input_required"),
    inputRequests: v.record(
      v.string(),
      v.object({ method: v.string(), params: v.custom<JsonObject>(isJsonObject) }),
    ),
    requestState: v.optional(v.string()),
  }),
]);
type Kept = v.InferOutput<typeof Kept>;

/** Sends one request, once for its task. @throws StepError for everything but an answer */
export async function exchangeOnce(call: ServerCall, exchange: Exchange): Promise<Kept> {
  const { ports, chosen, context } = call;
  const { key, method, params, effect = chosen.effect, ifRefused } = exchange;
  const part = { effect, target: chosen.name, request: params };
  const idempotencyKey = `${context.idempotencyKey}:${key}`;
  const kept = await context.once(key, part, async () => {
    const { signal, showProgress: onProgress } = context;
    const outcome = await ports.send(chosen, {
      method,
      params,
      idempotencyKey,
      signal,
      ...(method === "tools/call" && { onProgress }),
    });
    return outcome.kind === "error" && ifRefused
      ? { kind: "result", result: ifRefused }
      : keepAnswer(call, answered(chosen, outcome));
  });
  // A person who knows has said that it was sent, and perhaps what came of it.
  const read = v.safeParse(Kept, kept);
  return read.success
    ? read.output
    : { kind: "result", result: { structuredContent: kept }, isAssumed: true };
}

/** Makes an answer one that the journal may have: the server's task belongs to the run, until it is over. */
async function keepAnswer(call: ServerCall, outcome: Answered): Promise<unknown> {
  if (outcome.kind === "task") return keepTask(call, outcome.task);
  if (outcome.kind === "result") await forgetOver(call, outcome.result);
  return outcome;
}

async function keepTask({ ports, chosen, context }: ServerCall, told: JsonObject): Promise<unknown> {
  const task = readTask(chosen, told);
  const { taskId } = task;
  const { runId } = context;
  // Nobody comes back for the task of a trial.
  if (runId === undefined) await ports.send(chosen, { method: "tasks/cancel", params: { taskId } });
  else if (!isOver(task)) await ports.keepTask({ runId, serverId: chosen.serverId, taskId });
  return { kind: "task", task, runId };
}

async function forgetOver({ ports, chosen, context }: ServerCall, result: JsonObject): Promise<void> {
  const { taskId } = result;
  const { runId } = context;
  if (runId === undefined || typeof taskId !== "string" || !isOver(result)) return;
  await ports.forgetTask({ runId, serverId: chosen.serverId, taskId });
}

type Answered = Extract<Outcome, { kind: "result" | "task" | "input_required" }>;

/** Returns an outcome that is an answer. @throws StepError for any other, whose code says whether it may have been done */
function answered({ server, name }: ChosenTool, outcome: Outcome): Answered {
  switch (outcome.kind) {
    case "result": {
      const failure = failureIn(outcome.result);
      if (failure === undefined) return outcome;
      throw new StepError("mcp-tool-error", failure || `${name} failed and does not say why.`);
    }
    case "task":
    case "input_required":
      return outcome;
    case "error":
      throw new StepError("mcp-error", `${server} answered an error (${outcome.code}): ${outcome.message}`);
    case "unauthorized":
      throw new StepError(
        "mcp-signed-out",
        `${server} does not let us in (${outcome.status}). An admin can sign in again under MCP servers; then retry the run.`,
      );
    case "unsent":
      throw new StepError("mcp-unsent", `${server} was not asked: ${outcome.reason}`, {
        retryable: outcome.mayPass,
        retryAfterMs: outcome.retryAfterMs,
      });
    case "unknown":
      throw new StepError("mcp-unanswered", `${server} left no answer: ${outcome.reason}`, {
        retryable: true,
      });
  }
}

const TextBlock = v.looseObject({ type: v.literal("text"), text: v.string() });
const LONGEST_FAILURE = 4_000;

/** Reads from a result what went wrong; undefined when nothing did. */
function failureIn({ isError, content }: JsonObject): string | undefined {
  if (isError !== true) return undefined;
  const texts = (Array.isArray(content) ? content : []).flatMap((block: unknown) => {
    const read = v.safeParse(TextBlock, block);
    return read.success ? [read.output.text] : [];
  });
  return texts.join("\n").slice(0, LONGEST_FAILURE);
}
