import * as v from "valibot";
import type { OpenConnection } from "#/agents/connections/connection.ts";
import { reach } from "#/agents/steps/http/run.ts";
import { searchDocuments } from "#/agents/steps/search/run.ts";
import { readNamedSecrets, type Secrets } from "#/agents/steps/secrets.ts";
import { isParking } from "#/agents/steps/parking.ts";
import { openToolMemory } from "#/agents/steps/tool/tool-memory.ts";
import { writeOnce } from "#/agents/steps/side-effect.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { callWorkflow } from "#/agents/steps/workflow/run.ts";
import { withinTime } from "#/agents/steps/within-time.ts";
import type { InnerTools, Tool, ToolContext, ToolPart } from "#/agents/tools/tool.ts";
import type { OutboundRequest } from "#/lib/outbound.ts";

/** The input that a tool is called with. */
export interface ToolInput {
  /** As the tool's schema has read it. */
  readonly input: unknown;
  /** The same for everybody to see: without secrets. */
  readonly shown: unknown;
}

interface Call extends ToolInput {
  readonly secrets: Pick<Secrets, "keep" | "fetch">;
  /** The tools that the tool may call. */
  readonly others?: InnerTools | undefined;
}

/** Calls a tool for a task, journaled, within its limits, and tells whoever watches. @throws what the tool throws; Parking */
export async function callTool(task: Task, tool: Tool, call: Call): Promise<unknown> {
  if (tool.change) throw notAccepted(tool);
  const { now } = task.ports;
  const startedAt = now();
  const ended = (state: "succeeded" | "failed") =>
    task.showTool({ state, tool: tool.name, durationMs: Math.max(0, now() - startedAt) });
  task.showTool({ state: "started", tool: tool.name, input: call.shown });
  try {
    const output = await callJournaled(task, tool, call);
    ended("succeeded");
    return output;
  } catch (error) {
    if (!isParking(error)) ended("failed");
    throw error;
  }
}

const notAccepted = ({ name }: Tool) =>
  new StepError(
    "tool-changed",
    `The tool ${name} is not the one that this version was published with, so it was not called. Publish the workflow again to accept it.`,
  );

/** A tool that works in parts has journaled each of them; of any other the whole call is one. */
function callJournaled(task: Task, tool: Tool, { input, shown, secrets, others }: Call): Promise<unknown> {
  const run = () => secrets.keep(() => runWithinLimits(task, tool, { input, fetch: secrets.fetch, others }));
  if (tool.inParts) return run();
  const effect = tool.decideEffect(input);
  return doOnce(
    task,
    { name: "tool", effect, target: tool.name, request: shown, asked: { tool: tool.name, input: shown } },
    run,
  );
}

interface Once extends ToolPart {
  readonly name: string;
  readonly asked: unknown;
}

/** Journals an answer; a write is on record before it goes out, and one that left no answer is not sent again by itself unless it is idempotent. */
function doOnce(task: Task, { name, effect, target, request, asked }: Once, act: () => Promise<unknown>) {
  if (effect === "read") return task.once(name, act, asked);
  const repeatable = effect === "idempotent";
  return writeOnce(task, { name, kind: "tool", target, request, asked, repeatable }, act);
}

interface Running extends Pick<Call, "others"> {
  readonly input: unknown;
  readonly fetch: Secrets["fetch"];
}

async function runWithinLimits(task: Task, tool: Tool, { input, ...given }: Running): Promise<unknown> {
  const { name, limits } = tool;
  if (!tool.inParts) await takePace(task, tool);
  try {
    const within = (signal: AbortSignal) => tool.run(input, makeContext(task, tool, { signal, ...given }));
    return (await withinTime(limits.timeoutMs, within, task.signal)) ?? null;
  } catch (error) {
    if (task.signal.aborted || !isTimeout(error)) throw error;
    throw new StepError(
      "tool-timeout",
      `The tool ${name} gave no answer within ${limits.timeoutMs / 1000} s.`,
      {
        retryable: true,
        cause: error,
      },
    );
  }
}

const isTimeout = (error: unknown) => error instanceof DOMException && error.name === "TimeoutError";

/** @throws StepError when the workspace has called the tool as often as it may in a minute */
async function takePace({ ports }: Task, { name, limits: { perMinute } }: Tool): Promise<void> {
  if (perMinute === undefined) return;
  const { allowed, retryAfterS } = await ports.limitCalls(name, perMinute);
  if (allowed) return;
  throw new StepError("tool-rate-limited", `The tool ${name} may be called ${perMinute} times a minute.`, {
    retryable: true,
    retryAfterMs: retryAfterS * 1000,
  });
}

async function openNamed({ ports }: Task, name: string): Promise<OpenConnection> {
  const connection = await ports.connection(name);
  if (connection) return connection;
  throw new StepError(
    "connection-missing",
    `There is no connection “${name}” in this workspace. An admin makes it under Connections; then retry the run.`,
  );
}

/** A server may tell more than an eye can follow. */
const SHOW_EVERY_MS = 250;

function showNowAndThen({ ports, showTool }: Task, { name }: Tool): ToolContext["showProgress"] {
  let shownAt = Number.NEGATIVE_INFINITY;
  return ({ progress, total, message }) => {
    const now = ports.now();
    if (now - shownAt < SHOW_EVERY_MS) return;
    shownAt = now;
    showTool({ state: "working", tool: name, progress, total, message });
  };
}

interface Reach extends Omit<Running, "input"> {
  readonly signal: AbortSignal;
}

function makeContext(task: Task, tool: Tool, { signal, fetch, others }: Reach): ToolContext {
  return {
    signal,
    timeLimitMs: task.timeLimitMs,
    others,
    idempotencyKey: task.id,
    showProgress: showNowAndThen(task, tool),
    runId: task.run.isTrial === true ? undefined : task.run.id,
    store: task.ports.store,
    memory: openToolMemory(task, signal),
    now: task.ports.now,
    search: (query, options = {}) => searchDocuments(task, query, options),
    fetch: (request: OutboundRequest) => reach({ fetch, signal }, request),
    secrets: async (names) => {
      const secrets = await readNamedSecrets(names, task);
      return { ...secrets, fetch: (request) => reach({ fetch: secrets.fetch, signal }, request) };
    },
    connection: async (name) => {
      const connection = await openNamed(task, name);
      return { ...connection, fetch: (request) => reach({ fetch: connection.fetch, signal }, request) };
    },
    once: (key, part, act) =>
      withItsWaits(task, (counted) =>
        doOnce(
          counted,
          { ...part, name: `tool:${key}`, asked: { tool: tool.name, request: part.request } },
          async () => {
            await takePace(task, tool);
            return (await act()) ?? null;
          },
        ),
      ),
    isDone: (key) => task.recall(`tool:${key}`) !== undefined,
    wait: (request) => task.wait({ ...request, step: task.step }),
    runWorkflow: async (workflow, given) =>
      (await callWorkflow(task, { workflow, toldAs: tool.name, given })).output,
  };
}

const Journaled = v.object({
  value: v.unknown(),
  /** Answers that the part took. */
  waits: v.number(),
  /** The run that gave them; earlier journals do not say. */
  run: v.optional(v.string()),
});

/**
 * Journals a part together with how many answers it took: a part that asked, and is in the journal now, asks no more, and what asks after it must not
 * be given its answers. A fork that takes the part over has been given none.
 */
async function withItsWaits(task: Task, part: (task: Task) => Promise<unknown>): Promise<unknown> {
  let waits = 0;
  const counted: Task = {
    ...task,
    wait: (request) => {
      const answer = task.wait(request);
      waits += 1;
      return answer;
    },
    once: (name, call, asked) =>
      task.once(name, async () => ({ value: await call(), waits, run: task.run.id }), asked),
  };
  const { value, run = task.run.id, ...journaled } = v.parse(Journaled, await part(counted));
  if (run !== task.run.id) return value;
  for (; waits < journaled.waits; waits += 1) task.wait({ kind: "approval", step: task.step });
  return value;
}
