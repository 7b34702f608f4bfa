import type { CheckpointRows } from "#/agents/checkpoint/buffer.ts";
import type { StoredCheckpoint } from "#/agents/checkpoint/store.ts";
import type { ClaimAnswer } from "#/agents/engine/claim.ts";
import type { Settlement } from "#/agents/engine/settle.ts";
import type { LogKind } from "#/agents/compile/node.ts";
import type { RunError } from "#/agents/engine/run.ts";
import type { LiveChunk } from "#/agents/ports.ts";

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
  readonly journal: Readonly<Record<string, unknown>>;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly openWaits: number;
}

/** One line of the run's log. */
export interface LogEntry {
  readonly step: string;
  readonly kind: LogKind | "run";
  readonly status: "succeeded" | "failed" | "retrying" | "waiting" | "cancelled";
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
}

export type Committed =
  | { readonly committed: false }
  | { readonly committed: true; readonly wakes: number; readonly logSeq: number; readonly dueInMs: number | null };

/** The database's half of the step protocol. Each verb is one round trip. */
export interface RunStore {
  readonly claim: (ref: RunRef, delivery: Delivery, leaseMs: number) => Promise<ClaimAnswer<HeldRun> | null>;
  readonly commit: (ref: RunRef, epoch: number, change: SuperstepChange) => Promise<Committed>;
  readonly journal: (ref: RunRef, entry: { readonly key: string; readonly superstep: number; readonly result: unknown }) => Promise<void>;
}

export interface WakeUp extends RunRef {
  /** Counts the wake-ups of a run, so that each message has an id of its own. */
  readonly wakes: number;
  readonly delayMs?: number;
}

/** Asks for progress. A wake-up may be lost, late or double; the sweeper sends what was lost. */
export type Wake = (wakeUps: readonly WakeUp[]) => Promise<void>;

/** Shows what happens now. Must not throw and must not hold the step up. */
export interface LiveOutput {
  readonly show: (ref: RunRef, branch: { readonly id: string; readonly epoch: number }, chunk: LiveChunk) => void;
  /** Resolves when what was shown has been handed on. */
  readonly flush: () => Promise<void>;
}

/** Told of each finished task, for metrics and logs. */
export interface Observer {
  readonly superstepCommitted: (ref: RunRef, change: SuperstepChange) => void;
  readonly stepFailed: (ref: RunRef, error: unknown, step: string) => void;
}
