import { GraphDrained, isGraphInterrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { publicState } from "#/agents/compile/channels.ts";
import type { FixedScope } from "#/agents/compile/graph.ts";
import { type Channels, DETOURS, type NodeResult, type StepNode, stateChannel, type Update } from "#/agents/compile/node.ts";
import { decideFailure } from "#/agents/engine/failure.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { LiveChunk, StepPorts } from "#/agents/ports.ts";
import type { LogEntry } from "#/agents/runner/ports.ts";
import { type StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

/** What a superstep needs to know of the run it belongs to. */
export interface SuperstepContext {
  readonly runId: string;
  readonly ports: StepPorts;
  readonly scope: FixedScope;
  readonly superstep: number;
  /** Failed tries of this superstep so far. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly journaled: Readonly<Record<string, unknown>>;
  readonly journal: (key: string, result: unknown) => Promise<void>;
  readonly show: (taskId: string, chunk: LiveChunk) => void;
  readonly failed: (error: unknown, step: string) => void;
}

interface Retry {
  readonly error: RunError;
  readonly afterMs: number;
}

interface Failure {
  readonly error: RunError;
  readonly status: StepError["endsAs"];
}

/**
 * Collects what the tasks of one superstep did. Tasks report here and never by throwing: a plain throw out of a LangGraph node
 * aborts its siblings and can lose the write that a join waits for.
 */
export class Superstep {
  readonly logs: LogEntry[] = [];
  readonly retries: Retry[] = [];
  readonly failures: Failure[] = [];
  readonly #context: SuperstepContext;

  constructor(context: SuperstepContext) {
    this.#context = context;
  }

  /** The whole durability contract of a node: idempotency key, journal, log, retry decision, and a drain after one superstep. */
  async run(node: StepNode, channels: Channels, config: LangGraphRunnableConfig): Promise<Update> {
    // Not LangGraph's task id: that one depends on a checkpoint id which is random until the first commit.
    const id = `${this.#context.runId}.${this.#context.superstep}.${node.keyOf(channels)}`;
    const startedAt = this.#context.ports.now();
    this.#context.show(id, { type: "started", step: node.step, taskId: id, attempt: this.#context.attempt + 1 });
    try {
      const result = await node.run(this.#taskOf(node, id, channels), channels);
      this.#log(node, id, { status: "succeeded", startedAt, ...outcomeOf(result) });
      return result.update;
    } catch (error) {
      return this.#settleError({ node, id, startedAt, error });
    } finally {
      // One superstep per call: LangGraph stops at the next boundary.
      config.control?.requestDrain("superstep");
    }
  }

  #taskOf(node: StepNode, id: string, channels: Channels): Task {
    const { ports, scope, attempt, signal, journaled, journal, show } = this.#context;
    return {
      step: node.step,
      id,
      attempt: attempt + 1,
      signal: AbortSignal.any([signal, AbortSignal.timeout(node.timeoutMs)]),
      scope: { ...scope, state: publicState(channels) },
      ports,
      once: async <T>(name: string, call: () => Promise<T>) => {
        const key = `${id}:${name}`;
        if (key in journaled) return journaled[key] as T;
        const result = await call();
        await journal(key, result);
        return result;
      },
      emitText: (text) => show(id, { type: "delta", step: node.step, taskId: id, text }),
    };
  }

  #settleError({ node, id, startedAt, error }: { node: StepNode; id: string; startedAt: number; error: unknown }): Update {
    if (isGraphInterrupt(error)) {
      const payload = error.interrupts[0]?.value as { approval?: unknown; dueInMs?: number } | undefined;
      this.#log(node, id, { status: "waiting", startedAt, input: payload?.approval ?? { dueInMs: payload?.dueInMs } });
      throw error;
    }
    const failure = toStepError(error);
    const tried = this.#context.attempt + 1;
    const decision = decideFailure(failure, node.retry, tried, this.#context.ports.random());
    const runError = failure.toRunError(node.step);
    if (decision.kind === "retry") {
      this.#log(node, id, { status: "retrying", startedAt, error: runError });
      this.retries.push({ error: runError, afterMs: decision.afterMs });
      throw new GraphDrained("retry");
    }
    this.#log(node, id, { status: "failed", startedAt, error: runError });
    this.#context.failed(error, node.step);
    const update = errorUpdate(node, runError);
    if (update) return update;
    this.failures.push({ error: runError, status: failure.endsAs });
    throw new GraphDrained("failed");
  }

  #log(node: StepNode, taskId: string, entry: Pick<LogEntry, "status" | "startedAt"> & Partial<LogEntry>): void {
    const { ports, superstep, attempt } = this.#context;
    const durationMs = Math.max(0, Math.round(ports.now() - entry.startedAt));
    this.logs.push({ step: node.step, kind: node.kind, taskId, superstep, attempt: attempt + 1, durationMs, ...entry });
  }
}

function outcomeOf({ value, input, use }: NodeResult): Partial<LogEntry> {
  return { output: value ?? null, ...(input !== undefined && { input }), ...use };
}

/** What a step that has failed for good still writes, by its error policy; undefined when the run fails with it. */
function errorUpdate(node: StepNode, error: RunError): Update | undefined {
  if (node.onError === "fail") return undefined;
  if ("goto" in node.onError) {
    return { [stateChannel(node.saveTo)]: { error }, [DETOURS]: { [node.step]: node.onError.goto } };
  }
  return { [stateChannel(node.saveTo)]: node.onError.continue ?? null };
}
