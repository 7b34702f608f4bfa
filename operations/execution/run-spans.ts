import { createHash } from "node:crypto";
import type { HeldRun, LogEntry, RunRef, SuperstepChange } from "#/agents/runner/runner-ports.ts";
import type { EndedRun } from "#/db/ended-runs.ts";
import { isEnded } from "#/agents/vocabulary/run.ts";
import { GENAI, GENAI_OPERATIONS } from "#/lib/observe/genai.ts";
import type { Span } from "#/lib/observe/otlp.ts";

/** What of a run its spans tell. */
type TracedRun = Pick<
  HeldRun,
  "definition" | "workflowId" | "version" | "createdAt" | "parentId" | "forkedFrom" | "trigger" | "step"
>;

interface TracedPlace {
  readonly ref: RunRef;
  /** The run at the top of the family: all that it has started is one trace with it. */
  readonly topRunId: string;
}

interface TracedCommit extends TracedPlace {
  readonly run: TracedRun;
  readonly change: Pick<SuperstepChange, "settlement" | "logs">;
  readonly now: number;
}

interface TracedEnd {
  readonly workspaceId: string;
  readonly topRunId: string;
  readonly run: EndedRun;
}

/**
 * Makes the spans of what a commit has stored. Their ids follow from the run, so that everything that it does in days, in whatever process, is one trace; the
 * same commit told twice is the same spans. Inputs, outputs and texts of errors are in none of them.
 */
export function makeRunSpans(commit: TracedCommit): readonly Span[] {
  const { run, change, now } = commit;
  const tasks = change.logs.filter(({ kind }) => kind !== "run").flatMap((line) => taskSpans(commit, line));
  const isFirst =
    run.step === 0 && change.logs.some(({ superstep, attempt }) => superstep === 0 && attempt === 1);
  const { status, error } = change.settlement;
  const began = () => Math.min(...change.logs.map(({ startedAt }) => startedAt));
  return [
    ...(isFirst ? [queuedSpan(commit, { ...run, until: began() })] : []),
    ...tasks,
    ...(isEnded(status)
      ? [
          runSpan(commit, {
            ...run,
            name: readName(run.definition),
            status,
            code: error?.code,
            finishedAt: now,
          }),
        ]
      : []),
  ];
}

/** Makes the spans of a run that has ended outside of any invocation: its own, and that of its time in the queue where nobody has worked on it. */
export function makeEndSpans({ workspaceId, topRunId, run }: TracedEnd): readonly Span[] {
  const { runId, createdAt, trigger, finishedAt: until, hasStarted } = run;
  const place = { ref: { workspaceId, runId }, topRunId };
  return [...(hasStarted ? [] : [queuedSpan(place, { createdAt, trigger, until })]), runSpan(place, run)];
}

const spanId = (what: string) => createHash("sha256").update(what).digest("hex").slice(0, 16);
const traceIdOf = ({ topRunId }: TracedPlace) => topRunId.replaceAll("-", "").toLowerCase();
const runSpanId = (runId: string) => spanId(`run ${runId}`);

/** What the span of a run tells of it, whoever has ended it. */
type Ended = Pick<
  EndedRun,
  "workflowId" | "version" | "parentId" | "forkedFrom" | "status" | "createdAt" | "finishedAt"
> & { readonly name: string | null | undefined; readonly code: string | null | undefined };

function runSpan(place: TracedPlace, run: Ended): Span {
  const { name, status } = run;
  return {
    traceId: traceIdOf(place),
    spanId: runSpanId(place.ref.runId),
    parentSpanId: run.parentId === null ? undefined : runSpanId(run.parentId),
    name: `${GENAI_OPERATIONS.run} ${name ?? "workflow"}`,
    kind: "internal",
    startMs: run.createdAt,
    endMs: run.finishedAt,
    failed: status === "failed" || status === "timed_out",
    attributes: {
      [GENAI.operation]: GENAI_OPERATIONS.run,
      [GENAI.agentName]: name ?? undefined,
      [GENAI.agentId]: run.workflowId ?? undefined,
      [GENAI.agentVersion]: run.version === null ? undefined : String(run.version),
      [GENAI.errorType]: run.code ?? undefined,
      ...ownAttributes(place),
      "cairn.run.status": status,
      "cairn.run.forked_from": run.forkedFrom ?? undefined,
    },
  };
}

/** From the trigger until the first step began, or until the run ended before one did: what a run waits in the queue. */
function queuedSpan(
  place: TracedPlace,
  { createdAt, trigger, until }: Pick<EndedRun, "createdAt" | "trigger"> & { readonly until: number },
): Span {
  const kind = typeof trigger["kind"] === "string" ? trigger["kind"] : "unknown";
  return {
    traceId: traceIdOf(place),
    spanId: spanId(`trigger ${place.ref.runId}`),
    parentSpanId: runSpanId(place.ref.runId),
    name: `trigger ${kind}`,
    kind: "consumer",
    startMs: createdAt,
    endMs: until,
    attributes: { ...ownAttributes(place), "cairn.trigger.kind": kind },
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

const ownAttributes = ({ ref }: TracedPlace) => ({
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
