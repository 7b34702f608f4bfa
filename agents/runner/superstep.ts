import { GraphDrained, type GraphInterrupt, isGraphInterrupt } from "@langchain/langgraph";
import { publicState } from "#/agents/compile/channels.ts";
import type { FixedScope } from "#/agents/compile/conductor.ts";
import type { Channels, NodeResult, StepNode, Update } from "#/agents/compile/node.ts";
import { decideFailure } from "#/agents/engine/failure.ts";
import type { RunError, Wait } from "#/agents/engine/run.ts";
import type { LiveChunk, StepPorts } from "#/agents/ports.ts";
import type { LogEntry, Response } from "#/agents/runner/ports.ts";
import { reportsOf } from "#/agents/runner/reports.ts";
import { hashOf } from "#/agents/runner/hash.ts";
import { withinTime } from "#/agents/runner/within-time.ts";
import { type StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { BudgetPort, EffectPort, Task, TaskRun } from "#/agents/steps/task.ts";

/** What a superstep needs to know of the run it belongs to. */
export interface SuperstepContext {
  readonly runId: string;
  readonly ports: StepPorts;
  readonly scope: FixedScope;
  readonly run: TaskRun;
  /** The public state that the superstep began with. */
  readonly state: () => Readonly<Record<string, unknown>>;
  readonly superstep: number;
  /** Failed tries of this superstep so far. */
  readonly attempt: number;
  /** The longest that any task may take. */
  readonly leaseMs: number;
  readonly journaled: Readonly<Record<string, unknown>>;
  readonly journal: (key: string, result: unknown, asked: Asked) => Promise<void>;
  /** Results of the run that this one was forked from; undefined where none are taken over. */
  readonly reusable: ((asked: Required<Asked>) => Promise<{ readonly result: unknown } | undefined>) | undefined;
  readonly effects: EffectPort;
  readonly budget: BudgetPort;
  /** Aborted when the run is no longer ours. */
  readonly lost: AbortSignal;
  readonly show: (chunk: LiveChunk) => void;
  readonly failed: (error: unknown, step: string) => void;
}

interface Asked {
  readonly node?: string;
  readonly hash?: string;
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
  readonly waits: Wait[] = [];
  /**
   * What went wrong on our own side, with the database. It is not the step's failure: nothing of the superstep is stored, and the message is
   * delivered again.
   */
  broken: unknown;
  response: Response | undefined;
  readonly #context: SuperstepContext;
  /** Tasks that have paid for nothing. */
  readonly #reused = new Set<string>();

  constructor(context: SuperstepContext) {
    this.#context = context;
  }

  /** The whole durability contract of a node: idempotency key, time limit, journal, log, retry decision. */
  async run(node: StepNode, channels: Channels): Promise<Update> {
    const { runId, superstep, ports, attempt, leaseMs, lost, show } = this.#context;
    // Not LangGraph's task id: that one depends on a checkpoint id which is random until the first commit.
    const id = `${runId}.${superstep}.${node.keyOf(channels)}`;
    const startedAt = ports.now();
    if (!node.quiet) show({ type: "started", step: node.step, taskId: id, attempt: attempt + 1, startedAt });
    try {
      const run = (signal: AbortSignal) => node.run(this.#taskOf(node, id, { channels, signal }), channels);
      const result = await withinTime(Math.min(node.timeoutMs, leaseMs), run, lost);
      if (this.broken !== undefined) throw new GraphDrained("broken");
      if (!node.quiet) this.#log(node, id, { status: "succeeded", startedAt, ...outcomeOf(result) });
      this.response ??= result.response;
      return result.update;
    } catch (error) {
      // Nothing of this can be stored, so there is nothing to decide.
      if (lost.aborted || this.broken !== undefined) throw new GraphDrained("nothing is kept");
      if (isGraphInterrupt(error)) throw this.#wait({ node, id, startedAt, error });
      return this.#settleError({ node, id, startedAt, error }, channels);
    }
  }

  #taskOf(node: StepNode, id: string, { channels, signal }: { readonly channels: Channels; readonly signal: AbortSignal }): Task {
    const { ports, scope, run, state, attempt, journaled, journal, effects, budget, show } = this.#context;
    return {
      step: node.step,
      id,
      run,
      attempt: attempt + 1,
      effects: { begin: (effect) => this.#own(effects.begin(effect)), settle: (effect) => this.#own(effects.settle(effect)) },
      budget: { reserve: (...asked) => this.#own(budget.reserve(...asked)), raise: (...raised) => this.#own(budget.raise(...raised)), settle: (key, spent) => void (this.#reused.has(id) || budget.settle(key, spent)) },
      signal,
      scope: { ...scope, state: node.sent ? state() : { ...run.outerState, ...publicState(channels) } },
      ports: { ...ports, workflow: (...asked) => this.#own(ports.workflow(...asked)), secrets: (names) => this.#own(ports.secrets(names)) },
      once: async (name, call, asked) => {
        const key = `${id}:${name}`;
        const about = asked === undefined ? {} : { node: `${node.keyOf(channels)}:${name}`, hash: hashOf(asked) };
        // Asked before the journal is looked into: what was taken over before a crash is still not paid for.
        const taken = await this.#takeOver(id, about);
        if (key in journaled) return journaled[key];
        const result = taken ? taken.result : await call();
        await this.#own(journal(key, result, about));
        return result;
      },
      ...reportsOf({ step: node.step, taskId: id }, show),
    };
  }

  /** What the run that this one was forked from got for the same. */
  async #takeOver(id: string, { node, hash }: Asked): Promise<{ readonly result: unknown } | undefined> {
    const { reusable } = this.#context;
    if (!reusable || node === undefined || hash === undefined) return undefined;
    const taken = await this.#own(reusable({ node, hash }));
    if (taken) this.#reused.add(id);
    return taken;
  }

  /** A question to our own database: its failure is nobody's but ours. */
  async #own<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      this.broken ??= error;
      throw error;
    }
  }

  #wait({ node, id, startedAt, error }: Ended<GraphInterrupt>): GraphInterrupt {
    const waits = error.interrupts.flatMap(({ id: waitId, value }) => (waitId !== undefined && isWaitRequest(value) ? [{ ...value, id: waitId }] : []));
    this.waits.push(...waits);
    this.#log(node, id, { status: "waiting", startedAt, input: waits[0] && waitingFor(waits[0]) });
    return error;
  }

  #settleError({ node, id, startedAt, error }: Ended<unknown>, channels: Channels): Update {
    const { attempt, ports, failed } = this.#context;
    const failure = toStepError(error);
    const decision = decideFailure(failure, node.retry, { attempt: attempt + 1, spread: ports.random() });
    const runError = failure.toRunError(node.step);
    if (decision.kind === "retry") {
      this.#log(node, id, { status: "retrying", startedAt, error: runError });
      this.retries.push({ error: runError, afterMs: decision.afterMs });
      throw new GraphDrained("retry");
    }
    failed(error, node.step);
    const update = node.onFailure(runError, channels);
    // A quiet node that hands its failure on leaves it to the step's own node to speak of it.
    if (!node.quiet || !update) this.#log(node, id, { status: "failed", startedAt, error: runError });
    if (update) return update;
    this.failures.push({ error: runError, status: failure.endsAs });
    throw new GraphDrained("failed");
  }

  #log(node: StepNode, taskId: string, entry: Pick<LogEntry, "status" | "startedAt"> & Partial<LogEntry>): void {
    const { ports, superstep, attempt } = this.#context;
    const durationMs = Math.max(0, Math.round(ports.now() - entry.startedAt));
    const reused = this.#reused.has(taskId) ? { reused: true } : {};
    this.logs.push({ step: node.step, kind: node.kind, taskId, superstep, attempt: attempt + 1, durationMs, ...entry, ...reused });
  }
}

interface Ended<E> {
  readonly node: StepNode;
  readonly id: string;
  readonly startedAt: number;
  readonly error: E;
}

/** What a step handed to `interrupt` comes back from LangGraph as `any`. */
function isWaitRequest(value: unknown): value is Omit<Wait, "id"> {
  return typeof value === "object" && value !== null && "kind" in value && "step" in value;
}

/** What the log says of a wait. */
function waitingFor({ approval, key, children, dueInMs }: Wait): unknown {
  if (approval) return approval;
  if (children) return { runs: children.runs.length, parallel: children.parallel };
  return { ...(key !== undefined && { event: key }), ...(dueInMs !== undefined && { dueInMs }) };
}

function outcomeOf({ value, input, use }: NodeResult): Partial<LogEntry> {
  return { output: value ?? null, ...(input !== undefined && { input }), ...use };
}
