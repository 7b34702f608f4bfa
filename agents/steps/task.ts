import type { Refusal, RunLimits, Spending } from "#/agents/engine/budget.ts";
import type { MemoryPlace } from "#/agents/memory/memory-ports.ts";
import type { StepPorts, ToolActivity } from "#/agents/steps/step-ports.ts";
import type { WaitRequest } from "#/agents/steps/parking.ts";

/** A write to the outside, before it goes out. */
export interface SideEffect {
  /** The journal's key, which is unique for the task. */
  readonly key: string;
  readonly step: string;
  readonly kind: "http" | "tool";
  readonly target: string;
  readonly request: unknown;
  /** True if the write may be sent again without asking anybody. */
  readonly repeatable: boolean;
}

/** go: nothing of it is out. unknown: an earlier attempt left no answer. lost: the run is in other hands. */
export type SideEffectStart = "go" | "unknown" | "lost";

export interface SettledSideEffect {
  readonly key: string;
  readonly state: "pending" | "failed" | "unknown" | "assumed" | "not_sent";
  readonly error?: unknown;
  readonly by?: unknown;
  /** For an answer to try again: how many such answers of this side effect came before it. */
  readonly retries?: number;
}

/** lost: somebody else has begun it since. used: this answer to try again has had its try, which left no answer. */
export type SideEffectEnd = "settled" | "used" | "lost";

/** Keeps account of writes to the outside. */
export interface SideEffectPort {
  readonly begin: (sideEffect: SideEffect) => Promise<SideEffectStart>;
  readonly settle: (sideEffect: SettledSideEffect) => Promise<SideEffectEnd>;
}

/** The budget of the run, which each call is reserved from. */
export interface BudgetPort {
  /** Sets aside what a call may cost at most. @returns what is in the way; lost: the run is in other hands; undefined: there is no limit, and nothing was set aside */
  readonly reserve: (key: string, asked: Spending) => Promise<Refusal | "lost" | "granted" | undefined>;
  readonly settle: (key: string, spent: Spending) => void;
  /** A person has raised the limit that was in the way. */
  readonly raise: (refusal: Refusal, limits: RunLimits) => Promise<void>;
}

/** So many requests to models a minute, for what the name says. */
export interface Pace {
  readonly name: string;
  readonly perMinute: number;
}

/** The pace of the run, which requests to models keep. */
export interface PacePort {
  /** Of every request of the run. */
  readonly limits: readonly Pace[];
  /** Takes a turn of each pace. @returns the milliseconds until there is one; 0: it was taken */
  readonly take: (key: string, paces: readonly Pace[]) => Promise<number>;
}

/** The run that a task belongs to. */
export interface TaskRun {
  readonly id: string;
  readonly workflowId: string | null;
  readonly versionId: string | null;
  readonly version: number | null;
  /** The number of runs it was started through. */
  readonly depth: number;
  /** Set where somebody tries a tool: there is no such run. */
  readonly isTrial?: true;
  /** Of the run that this one executes a part of; empty for all others. */
  readonly outerState: Readonly<Record<string, unknown>>;
}

/** A call of a tool that a task made within another one, for the log: a line of its own beneath the task's. */
export interface InnerCall {
  /** The name that its end has in the journal. */
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly output: unknown;
  readonly startedAt: number;
  readonly durationMs: number;
}

/** One task of a superstep: one execution of one node. */
export interface Task {
  readonly step: string;
  /** Run, superstep and node: the same for every repetition, hence the idempotency key of everything the task does. */
  readonly id: string;
  readonly run: TaskRun;
  /** From 1. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** The time that the definition gives what the task has others do, such as a run or a server's task; without it, as long as those take. */
  readonly timeLimitMs?: number | undefined;
  readonly scope: Readonly<Record<string, unknown>>;
  readonly ports: StepPorts;
  /** The memory of the agent that it works for, or why it has none; without it, the workflow's. */
  readonly memory?: { readonly place: MemoryPlace } | { readonly why: string } | undefined;
  /**
   * Runs a paid call at most once for this task: the result is journaled, as JSON, before anything else happens.
   * @param asked what the result depends on. A fork takes over the result of the run it came from if the same was asked there
   */
  readonly once: (name: string, call: () => Promise<unknown>, asked?: unknown) => Promise<unknown>;
  /** Returns what `once` has journaled under a name for this task; undefined where it has not. */
  readonly recall: (name: string) => unknown;
  /**
   * Waits for a person, an event, a moment or other runs, and gives the answer. Everything before it runs again when the answer is there. A task may
   * wait several times; the order must not change, save among requests with another `asker`.
   * @throws Parking while there is no answer
   */
  readonly wait: (request: WaitRequest) => unknown;
  readonly sideEffects: SideEffectPort;
  readonly budget: BudgetPort;
  readonly pace: PacePort;
  readonly emitText: (delta: string) => void;
  readonly showTool: (activity: ToolActivity) => void;
  /** Tells the log of a call that has ended, once however often the task begins anew. */
  readonly tellCall: (call: InnerCall) => void;
}

export interface ModelUse {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
}

/** The result of a task, for the log and the state. */
export interface StepResult {
  readonly value: unknown;
  /** The resolved input, as the timeline shows it. */
  readonly input?: unknown;
  readonly use?: ModelUse | undefined;
  /** The answer that the caller of a webhook gets. */
  readonly response?:
    | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }
    | undefined;
}

/** The part of a task that asking a model takes. */
export type Asking = Pick<Task, "id" | "signal" | "emitText"> & { readonly ports: Pick<StepPorts, "models"> };
