import { GraphDrained } from "@langchain/langgraph";
import { publicState } from "#/agents/langgraph/compile/channels.ts";
import type { FixedScope, NodePlace } from "#/agents/langgraph/compile/graph-call.ts";
import type { Channels, NodeResult, StepNode, Written } from "#/agents/steps/node.ts";
import { parkedNodes } from "#/agents/langgraph/compile/parked-task.ts";
import { decideFailure } from "#/agents/engine/failure.ts";
import type { Spending } from "#/agents/engine/budget.ts";
import type { RunError, Wait } from "#/agents/engine/run.ts";
import type { LiveChunk, StepPorts } from "#/agents/steps/step-ports.ts";
import {
  type Execution,
  parkedUpdate,
  seenByParts,
  unparkedUpdate,
  chooseWaitId,
} from "#/agents/runner/execution.ts";
import { answering } from "#/agents/runner/answering.ts";
import { hashJson } from "#/lib/json-hash.ts";
import { keptAnswer, keptUpdate } from "#/agents/runner/kept-result.ts";
import type { RunBudget } from "#/agents/runner/run-budget.ts";
import type { JournalEntry, LineOfTask, LogEntry, Response } from "#/agents/runner/runner-ports.ts";
import { makeReports } from "#/agents/runner/reports.ts";
import { withinTime } from "#/agents/steps/within-time.ts";
import { isParking, type Parking } from "#/agents/steps/parking.ts";
import { type StepError, toStepError } from "#/agents/steps/step-error.ts";
import type { ModelUse, BudgetPort, PacePort, SideEffectPort, Task, TaskRun } from "#/agents/steps/task.ts";

/** Everything that a superstep needs of the run it belongs to. */
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
  /** Tells whether the run has one task at work and none that waits: then there is nothing that its next try could hold up. */
  readonly isAlone: () => boolean;
  /** The longest that any task may take. */
  readonly leaseMs: number;
  readonly journaled: Readonly<Record<string, unknown>>;
  /** Keeps a result. `line`: what the log would say of the task that has paid for it; undefined where it was taken over. */
  readonly journal: (key: string, kept: Asked & Pick<JournalEntry, "result" | "line">) => Promise<void>;
  /** Results of the run that this one was forked from; undefined where none are taken over. */
  readonly reusable:
    | ((asked: Required<Asked>) => Promise<{ readonly result: unknown } | undefined>)
    | undefined;
  readonly sideEffects: SideEffectPort;
  readonly budget: BudgetPort & Pick<RunBudget, "isShared">;
  readonly pace: PacePort;
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
   * The failure on our own side, with the database. It is not the step's failure: nothing of the superstep is stored, and the message is
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

  /** The whole durability contract of a node: idempotency key, time limit, journal, log, waits, retry decision. */
  async run(node: StepNode, place: NodePlace): Promise<Written> {
    if (isIdle(node, place)) return { update: {}, leadsOn: false };
    const execution = this.#begin(node, place);
    try {
      return await this.#finish(execution);
    } catch (error) {
      // Nothing of this can be stored, so there is nothing to decide. What was used is used.
      if (this.#context.lost.aborted || this.broken !== undefined) {
        const { use } = toStepError(error);
        if (use) this.#log(execution, { status: "cancelled", ...use });
        throw new GraphDrained("nothing is kept");
      }
      return isParking(error) ? this.#park(execution, error) : this.#settleError(execution, error);
    }
  }

  #begin(node: StepNode, place: NodePlace): Execution {
    const { runId, superstep: current, ports, attempt, show } = this.#context;
    const { parked, channels } = place;
    const superstep = parked?.superstep ?? current;
    const id = `${runId}.${superstep}.${node.keyOf(channels)}`;
    const failures = parked ? parked.failures : attempt;
    const startedAt = ports.now();
    if (!node.quiet) show({ type: "started", step: node.step, taskId: id, attempt: failures + 1, startedAt });
    return {
      node,
      place,
      id,
      superstep,
      startedAt,
      failures,
      results: { ...parked?.results },
      innerCalls: [],
    };
  }

  async #finish(execution: Execution): Promise<Written> {
    const { leaseMs, lost } = this.#context;
    const { node, place } = execution;
    const result = await withinTime(
      Math.min(node.timeoutMs, leaseMs),
      (signal) => node.run(this.#makeTask(execution, signal), seenBy(place)),
      lost,
    );
    if (this.broken !== undefined) throw new GraphDrained("broken");
    const update = keptUpdate(result.update);
    if (!node.quiet) this.#log(execution, { status: "succeeded", ...describeResult(result) });
    this.#logInnerCalls(execution);
    this.response ??= result.response;
    return { update: place.parked ? { ...update, ...unparkedUpdate(execution) } : update, leadsOn: true };
  }

  #makeTask(execution: Execution, signal: AbortSignal): Task {
    const { node, id, failures } = execution;
    const { ports, run, sideEffects, budget, pace, show } = this.#context;
    return {
      step: node.step,
      id,
      run,
      attempt: failures + 1,
      sideEffects: {
        begin: (sideEffect) => this.#own(sideEffects.begin(sideEffect)),
        settle: (sideEffect) => this.#own(sideEffects.settle(sideEffect)),
      },
      budget: {
        reserve: (key, asked) => this.#reserve(execution, key, asked),
        raise: (...raised) => this.#own(budget.raise(...raised)),
        settle: (key, spent) => {
          if (!this.#reused.has(id)) budget.settle(key, spent);
        },
      },
      pace: { ...pace, take: (...asked) => this.#own(pace.take(...asked)) },
      signal,
      timeLimitMs: node.timeLimitMs,
      scope: this.#makeScope(execution),
      wait: answering(execution.place.parked),
      ports: {
        ...ports,
        workflow: (...asked) => this.#own(ports.workflow(...asked)),
        secrets: (names) => this.#own(ports.secrets(names)),
        toolChanges: {
          listAccepted: (asker) => this.#own(ports.toolChanges.listAccepted(asker)),
          decide: (decision) => this.#own(ports.toolChanges.decide(decision)),
        },
      },
      once: (name, call, asked) => this.#once(execution, { name, call, asked }),
      recall: (name) => execution.results[name] ?? this.#context.journaled[`${id}:${name}`],
      ...makeReports({ step: node.step, taskId: id }, show),
      tellCall: (call) => {
        // A task that has parked with it has told of it.
        if (!Object.hasOwn(execution.place.parked?.results ?? {}, call.name)) execution.innerCalls.push(call);
      },
    };
  }

  async #reserve({ node, id }: Execution, key: string, asked: Spending) {
    const { budget, show } = this.#context;
    const answer = await this.#own(budget.reserve(key, asked));
    const mayCall = answer === undefined || answer === "granted";
    if (mayCall && !budget.isShared) show({ type: "aside", step: node.step, taskId: id, ...asked });
    return answer;
  }

  #makeScope({ node, place }: Execution): FixedScope {
    const { scope, run, state } = this.#context;
    const seen = node.sent
      ? { ...state(), ...publicState(place.parked?.seen ?? {}) }
      : publicState(place.channels);
    return { ...scope, state: { ...run.outerState, ...seen } };
  }

  async #once(execution: Execution, { name, call, asked }: Call): Promise<unknown> {
    const { node, place, id, results } = execution;
    if (name in results) return results[name];
    const key = `${id}:${name}`;
    const about =
      asked === undefined ? {} : { node: `${node.keyOf(place.channels)}:${name}`, hash: hashJson(asked) };
    // Asked before the journal is looked into: what was taken over before a crash is still not paid for.
    const taken = await this.#takeOver(id, about);
    const { journaled, journal } = this.#context;
    if (!(key in journaled)) {
      results[name] = taken ? taken.result : keptAnswer(await call());
      const line = taken ? undefined : this.#beginLine(execution);
      await this.#own(journal(key, { ...about, result: results[name], line }));
    } else results[name] = journaled[key];
    return results[name];
  }

  /** Reads what the run that this one was forked from got for the same. */
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

  /** The task ends here for now: what is beside it continues. */
  #park(execution: Execution, { request, why }: Parking): Written {
    const { children } = request;
    const hasParts = children?.runs.some(({ fragment }) => fragment !== undefined) ?? false;
    const wait: Wait = {
      ...request,
      id: chooseWaitId(execution),
      ...(children && hasParts && { children: { ...children, seen: seenByParts(execution) } }),
    };
    this.waits.push(wait);
    this.#log(execution, {
      status: "waiting",
      input: why ? { ...why, dueInMs: wait.dueInMs } : waitingFor(wait),
    });
    this.#logInnerCalls(execution);
    const state = this.#context.state();
    return { update: parkedUpdate(execution, { wait, state, end: why ? "turn" : "answer" }), leadsOn: false };
  }

  #settleError(execution: Execution, error: unknown): Written {
    const { ports, failed } = this.#context;
    const { node, place, failures } = execution;
    const failure = toStepError(error);
    const decision = decideFailure(failure, node.retry, { attempt: failures + 1, spread: ports.random() });
    const runError = failure.toRunError(node.step);
    if (decision.kind === "retry")
      return this.#retry(execution, { ...failure.use, error: runError }, decision.afterMs);
    failed(error, node.step);
    const update = node.onFailure(runError, seenBy(place));
    // A quiet node that hands its failure on leaves it to the step's own node to speak of it.
    if (!node.quiet || !update) this.#log(execution, { status: "failed", error: runError, ...failure.use });
    this.#logInnerCalls(execution);
    if (update) return { update: { ...update, ...unparkedUpdate(execution) }, leadsOn: true };
    this.failures.push({ error: runError, status: failure.endsAs });
    throw new GraphDrained("failed");
  }

  /** A long time until the next try is a wait, as any other: what is beside the task continues. A short one repeats the superstep, which costs no checkpoint. */
  #retry(
    execution: Execution,
    failed: Partial<ModelUse> & { readonly error: RunError },
    afterMs: number,
  ): Written {
    const { error } = failed;
    this.#log(execution, { status: "retrying", ...failed });
    const holdsUp = execution.place.parked || (afterMs > LONGEST_HOLD_MS && !this.#context.isAlone());
    if (!holdsUp) {
      this.retries.push({ error, afterMs });
      throw new GraphDrained("retry");
    }
    this.#logInnerCalls(execution);
    const wait: Wait = {
      id: chooseWaitId(execution),
      kind: "timer",
      step: execution.node.step,
      dueInMs: afterMs,
    };
    this.waits.push(wait);
    const state = this.#context.state();
    return { update: parkedUpdate(execution, { wait, state, end: "try", error }), leadsOn: false };
  }

  /** Fails the tasks, since what they have done cannot be kept. What they have used is used. */
  fail(error: Omit<RunError, "step">): RunError {
    const failed = this.logs.map(({ input: _input, output: _output, ...entry }) =>
      entry.status === "succeeded"
        ? { ...entry, status: "failed" as const, error: { ...error, step: entry.step } }
        : entry,
    );
    this.logs.splice(0, this.logs.length, ...failed);
    return failed.findLast(({ status }) => status === "failed")?.error ?? error;
  }

  /** Once for each, when what is stored has its result: a try that is repeated at once tells of it again. */
  #logInnerCalls(execution: Execution): void {
    for (const { name, ...call } of execution.innerCalls)
      this.#log(execution, { ...call, taskId: `${execution.id}:${name}`, kind: "tool", status: "succeeded" });
  }

  #log(execution: Execution, entry: Pick<LogEntry, "status"> & Partial<LogEntry>): void {
    const reused = this.#reused.has(execution.id) ? { reused: true } : {};
    this.logs.push({ ...this.#beginLine(execution), ...entry, ...reused });
  }

  #beginLine({ node, id, startedAt, failures }: Execution): LineOfTask {
    const { ports, superstep } = this.#context;
    const durationMs = Math.max(0, Math.round(ports.now() - startedAt));
    const { step, kind } = node;
    return { step, kind, taskId: id, superstep, attempt: failures + 1, startedAt, durationMs };
  }
}

const seenBy = ({ channels, beside }: NodePlace): Channels => ({ ...channels, ...beside });

/** Tells whether a node has nothing to do: what it waits for is not all there. */
const isIdle = (node: StepNode, place: NodePlace): boolean =>
  (node.gathers !== undefined && parkedNodes(place.channels).includes(node.gathers)) ||
  node.isIdle?.(seenBy(place)) === true;

/** The longest time that a task's next try may hold up what is beside it. */
const LONGEST_HOLD_MS = 2000;

interface Call {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  readonly asked: unknown;
}

/** Writes what the log says of a wait. */
function waitingFor({ approval, key, children, dueInMs }: Wait): unknown {
  if (approval) return approval;
  if (children) return { runs: children.runs.length, parallel: children.parallel };
  return { ...(key !== undefined && { event: key }), ...(dueInMs !== undefined && { dueInMs }) };
}

function describeResult({ value, input, use }: NodeResult): Partial<LogEntry> {
  return { output: value ?? null, ...(input !== undefined && { input }), ...use };
}
