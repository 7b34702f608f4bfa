import { createHash } from "node:crypto";
import type { HeldRun, LogEntry, RunRef, SuperstepChange } from "#/agents/runner/runner-ports.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { GENAI, GENAI_OPERATIONS } from "#/lib/observe/genai.ts";
import type { Span } from "#/lib/observe/otlp.ts";

/** What of a run its spans tell. */
type TracedRun = Pick<
  HeldRun,
  "definition" | "workflowId" | "version" | "createdAt" | "parentId" | "forkedFrom" | "trigger" | "step"
>;

interface TracedCommit {
  readonly ref: RunRef;
  /** The run at the top of the family: all that it has started is one trace with it. */
  readonly topRunId: string;
  readonly run: TracedRun;
  readonly change: Pick<SuperstepChange, "settlement" | "logs">;
  readonly now: number;
}

/**
 * Makes the spans of what a commit has stored. Their ids follow from the run, so that everything that it does in days, in whatever process, is one trace; the
 * same commit told twice is the same spans. Inputs, outputs and texts of errors are in none of them.
 */
export function makeRunSpans(commit: TracedCommit): readonly Span[] {
  const { run, change } = commit;
  const tasks = change.logs.filter(({ kind }) => kind !== "run").flatMap((line) => taskSpans(commit, line));
  const isFirst =
    run.step === 0 && change.logs.some(({ superstep, attempt }) => superstep === 0 && attempt === 1);
  return [
    ...(isFirst ? [queuedSpan(commit)] : []),
    ...tasks,
    ...(isEnded(change.settlement.status) ? [runSpan(commit)] : []),
  ];
}

const spanId = (what: string) => createHash("sha256").update(what).digest("hex").slice(0, 16);
const traceIdOf = ({ topRunId }: TracedCommit) => topRunId.replaceAll("-", "").toLowerCase();
const runSpanId = (runId: string) => spanId(`run ${runId}`);

function runSpan(commit: TracedCommit): Span {
  const { ref, run, change, now } = commit;
  const { status, error } = change.settlement;
  const name = readName(run.definition);
  return {
    traceId: traceIdOf(commit),
    spanId: runSpanId(ref.runId),
    parentSpanId: run.parentId === null ? undefined : runSpanId(run.parentId),
    name: `${GENAI_OPERATIONS.run} ${name ?? "workflow"}`,
    kind: "internal",
    startMs: run.createdAt,
    endMs: now,
    failed: status === "failed" || status === "timed_out",
    attributes: {
      [GENAI.operation]: GENAI_OPERATIONS.run,
      [GENAI.agentName]: name,
      [GENAI.agentId]: run.workflowId ?? undefined,
      [GENAI.agentVersion]: run.version === null ? undefined : String(run.version),
      [GENAI.errorType]: error?.code,
      ...ownAttributes(commit),
      "cairn.run.status": status,
      "cairn.run.forked_from": run.forkedFrom ?? undefined,
    },
  };
}

/** From the trigger until the first step began: what a run waits in the queue. */
function queuedSpan(commit: TracedCommit): Span {
  const { ref, run, change } = commit;
  const kind = typeof run.trigger["kind"] === "string" ? run.trigger["kind"] : "unknown";
  return {
    traceId: traceIdOf(commit),
    spanId: spanId(`trigger ${ref.runId}`),
    parentSpanId: runSpanId(ref.runId),
    name: `trigger ${kind}`,
    kind: "consumer",
    startMs: run.createdAt,
    endMs: Math.min(...change.logs.map(({ startedAt }) => startedAt)),
    attributes: { ...ownAttributes(commit), "cairn.trigger.kind": kind },
  };
}

/** One try of one task, and within it the call of a model or of a tool that it was. */
function taskSpans(commit: TracedCommit, line: LogEntry): readonly Span[] {
  const { step, kind, taskId, superstep, attempt, status, startedAt, durationMs, error } = line;
  const id = spanId(`task ${taskId} ${superstep} ${attempt} ${status}`);
  const place = { traceId: traceIdOf(commit), startMs: startedAt, endMs: startedAt + durationMs };
  const failed = status === "failed";
  const call = callOf(line);
  const task: Span = {
    ...place,
    spanId: id,
    parentSpanId: runSpanId(commit.ref.runId),
    name: `step ${step}`,
    kind: "internal",
    failed,
    attributes: {
      ...ownAttributes(commit),
      "cairn.step.id": step,
      "cairn.step.kind": kind,
      "cairn.task.status": status,
      "cairn.task.attempt": attempt,
      "cairn.task.superstep": superstep,
      "cairn.task.reused": line.reused,
      [GENAI.errorType]: error?.code,
    },
  };
  if (!call) return [task];
  const attributes = { ...call.attributes, [GENAI.errorType]: error?.code };
  return [task, { ...place, ...call, attributes, spanId: spanId(`call ${id}`), parentSpanId: id, failed }];
}

/** Returns what conventions say of the call that a task was. What was taken over from another run called nobody. */
function callOf(line: LogEntry): Pick<Span, "name" | "kind" | "attributes"> | undefined {
  if (line.reused) return undefined;
  if (line.model !== undefined)
    return {
      name: `${GENAI_OPERATIONS.model} ${line.model}`,
      kind: "client",
      attributes: {
        [GENAI.operation]: GENAI_OPERATIONS.model,
        // The name of a connection stands before the model's; it is what the provider is called here.
        [GENAI.provider]: line.model.includes("/") ? line.model.split("/", 1)[0] : "default",
        [GENAI.model]: line.model,
        [GENAI.inputTokens]: line.inputTokens,
        [GENAI.outputTokens]: line.outputTokens,
        "cairn.usage.cost_usd": line.costUsd,
      },
    };
  const tool = line.kind === "tool" ? readTool(line.input) : undefined;
  if (tool === undefined) return undefined;
  return {
    name: `${GENAI_OPERATIONS.tool} ${tool}`,
    kind: "internal",
    attributes: { [GENAI.operation]: GENAI_OPERATIONS.tool, [GENAI.toolName]: tool },
  };
}

const ownAttributes = ({ ref }: TracedCommit) => ({
  "cairn.workspace.id": ref.workspaceId,
  "cairn.run.id": ref.runId,
  [GENAI.conversation]: ref.runId,
});

function readTool(input: unknown): string | undefined {
  return typeof input === "object" && input !== null && "tool" in input && typeof input.tool === "string"
    ? input.tool
    : undefined;
}

function readName(definition: unknown): string | undefined {
  return typeof definition === "object" &&
    definition !== null &&
    "name" in definition &&
    typeof definition.name === "string"
    ? definition.name
    : undefined;
}
