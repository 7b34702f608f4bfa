import type { Priority, RunStatus } from "#/agents/vocabulary/run.ts";
import type { Refusal, RunLimits, Spending } from "#/agents/engine/budget.ts";
import type { CheckpointRows } from "#/agents/langgraph/checkpoint/buffer.ts";
import type { StoredCheckpoint } from "#/agents/langgraph/checkpoint/store.ts";
import type { ClaimAnswer } from "#/agents/engine/claim.ts";
import type { Settlement } from "#/agents/engine/settle.ts";
import type { LogKind, LogStatus } from "#/agents/vocabulary/log-line.ts";
import type { MapItem, RunError } from "#/agents/engine/run.ts";
import type {
  Pace,
  SideEffect,
  SideEffectEnd,
  SideEffectStart,
  SettledSideEffect,
} from "#/agents/steps/task.ts";
import type { Hold } from "#/agents/runner/hold-watch.ts";
import type { LiveChunk } from "#/agents/steps/step-ports.ts";

export interface RunRef {
  readonly workspaceId: string;
  readonly runId: string;
}

/** One delivery of a wake-up. `retried` is how often the queue tried this message before. */
export interface Delivery {
  readonly messageId: string;
  readonly retried: number;
}

/** A run as the claim hands it over. */
export interface HeldRun {
  readonly epoch: number;
  readonly agentType: string;
  readonly versionId: string | null;
  readonly definition: unknown;
  readonly step: number;
  readonly attempt: number;
  readonly input: Readonly<Record<string, unknown>>;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly workflowId: string | null;
  readonly version: number | null;
  readonly createdAt: number;
  readonly checkpoint: StoredCheckpoint | undefined;
  /** The damage of the stored checkpoint, if anything is. */
  readonly damage: Damage | undefined;
  readonly journal: Readonly<Record<string, unknown>>;
  readonly answers: Readonly<Record<string, unknown>>;
  /** The number of waits for runs that it has started are open. */
  readonly childWaits: number;
  readonly usage: Usage;
  readonly limits: Readonly<Record<string, unknown>>;
  /** The number of runs it was started through. */
  readonly depth: number;
  readonly parentId: string | null;
  /** The run whose results it may take over. */
  readonly forkedFrom: string | null;
  /** Until its deadline; null without one. */
  readonly timeLeftMs: number | null;
  /** Limits that a person has raised for this run. */
  readonly raised: RunLimits | null;
  /** True where its workspace or workflow has limits for a month. */
  readonly hasMonthlyLimits: boolean;
  /** Set when it executes a part of its definition for one item. */
  readonly part: RunPart | undefined;
}

/** A stored checkpoint that nothing can continue from: of a form that this version does not know, or not all there. */
export interface Damage {
  readonly kind: "unreadable" | "incomplete";
  readonly what: string;
}

interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** The usage of runs that it has started, theirs included, once they have ended. */
  readonly children?: Omit<Usage, "children"> | undefined;
}

/** A part of a definition, and what it sees of the run that it is a part of. */
export interface RunPart extends MapItem {
  readonly fragment: string;
  readonly runId: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
}

/** One line of the run's log. */
export interface LogEntry {
  readonly step: string;
  readonly kind: LogKind;
  readonly status: LogStatus;
  readonly taskId: string;
  readonly superstep: number;
  readonly attempt: number;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly error?: RunError;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly model?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
  /** Taken over from the run that this one was forked from: tokens and cost are what was saved. */
  readonly reused?: boolean;
}

/** Everything one superstep changes. It is written whole or, when the epoch is no longer ours, not at all. */
export interface SuperstepChange {
  readonly settlement: Settlement;
  readonly rows: CheckpointRows;
  readonly state: Readonly<Record<string, unknown>> | undefined;
  readonly logs: readonly LogEntry[];
  /** Answered waits that this superstep has taken in. */
  readonly consumed: readonly string[];
  readonly leaseMs: number;
  /** The answer of a respond step to the caller of a webhook. */
  readonly response?: Response | undefined;
  readonly raised?: RunLimits | undefined;
  /** Set when the run was started by another one, which has to learn of its end. */
  readonly parentId: string | null;
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Committed =
  | { readonly committed: false }
  | {
      readonly committed: true;
      /** Another than the one asked for when the run is to pause. */
      readonly status: RunStatus;
      readonly logSeq: number;
      /** Absent while the run continues in the same hands. */
      readonly released?: Released | undefined;
    };

interface Released {
  readonly wakes: number;
  readonly dueInMs: number | null;
  /** Wake-ups owed to other runs: children that were started, a parent that was waiting. */
  readonly others: readonly Omit<WakeUp, "workspaceId">[];
  readonly priority: Priority;
}

/** The part of a line that a task has from its beginning. */
export type LineOfTask = Pick<
  LogEntry,
  "step" | "kind" | "taskId" | "superstep" | "attempt" | "startedAt" | "durationMs"
>;

/**
 * A result to keep. `node` and `hash` say what was asked, so that a fork which asks the same can take it over; `line` says who has paid
 * for it, so that it is booked even if its task never commits.
 */
export interface JournalEntry {
  readonly key: string;
  readonly superstep: number;
  readonly result: unknown;
  readonly node?: string | undefined;
  readonly hash?: string | undefined;
  readonly line?: LineOfTask | undefined;
}

/** The database's half of the step protocol. Each verb is one round trip. */
export interface RunStore {
  readonly claim: (ref: RunRef, delivery: Delivery, leaseMs: number) => Promise<ClaimAnswer<HeldRun> | null>;
  readonly commit: (ref: RunRef, epoch: number, change: SuperstepChange) => Promise<Committed>;
  readonly journal: (ref: RunRef, entry: JournalEntry) => Promise<void>;
  /** Reads what another run has paid for, if the same was asked there. */
  readonly reusable: (
    ref: RunRef,
    asked: { readonly origin: string; readonly node: string; readonly hash: string },
  ) => Promise<{ readonly result: unknown } | undefined>;
  /** Books what a run has used that was cancelled in these hands, once. */
  readonly bookCancelled: (ref: RunRef, epoch: number, logs: readonly LogEntry[]) => Promise<void>;
  /** Brings events and a wait of this run together. @returns the wake-ups that are owed */
  readonly deliverEvents: (workspaceId: string, keys: readonly string[]) => Promise<readonly WakeUp[]>;
  /** Asks before a write goes out, for this epoch. */
  readonly beginSideEffect: (ref: RunRef, epoch: number, sideEffect: SideEffect) => Promise<SideEffectStart>;
  /** Writes down what became of a write, for the epoch that has begun it. */
  readonly settleSideEffect: (
    ref: RunRef,
    epoch: number,
    sideEffect: SettledSideEffect,
  ) => Promise<SideEffectEnd>;
  /** Sets aside what a model call may cost, in the month and in the run with all that belongs to it, for this epoch. @returns what is in the way; undefined: there is no limit */
  readonly reserve: (
    ref: RunRef,
    epoch: number,
    ask: Spending & { readonly key: string },
  ) => Promise<Refusal | "lost" | "granted" | undefined>;
  /** Gives a request its turn, where the run may make only so many a minute. @returns the milliseconds until it may be made; 0: now */
  readonly takeModelTurn: (
    ref: RunRef,
    ask: { readonly key: string; readonly paces: readonly Pace[] },
  ) => Promise<number>;
  /** A person has raised the limits of this run, for all that belongs to it. */
  readonly raise: (ref: RunRef, limits: RunLimits) => Promise<void>;
  /** Reads how the run stands for this epoch. `known`: waits whose answers its claim has brought. */
  readonly look: (ref: RunRef, epoch: number, known: readonly string[]) => Promise<Hold>;
}

export interface WakeUp extends RunRef {
  /** Counts the wake-ups of a run, so that each message has an id of its own. */
  readonly wakes: number;
  readonly priority: Priority;
  readonly delayMs?: number | undefined;
}

/** Asks for progress. A wake-up may be lost, late or double; the sweeper sends what was lost. */
export type Wake = (wakeUps: readonly WakeUp[]) => Promise<void>;

/** Shows what happens now. Must not throw and must not hold the step up. */
export interface LiveOutput {
  readonly show: (ref: RunRef, epoch: number, chunk: LiveChunk) => void;
  /** Resolves when what an invocation has shown has been handed on. */
  readonly flush: (ref: RunRef, epoch: number) => Promise<void>;
}

/** Told of each finished task, for metrics and logs. */
export interface Observer {
  readonly superstepCommitted: (ref: RunRef, change: SuperstepChange, held: HeldRun) => void;
  readonly stepFailed: (ref: RunRef, error: unknown, step: string) => void;
}
