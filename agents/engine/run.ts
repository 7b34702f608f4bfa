/** The words in which the engine speaks of a run. */
export const RUN_STATUSES = ["queued", "running", "retrying", "waiting", "paused", "succeeded", "failed", "timed_out", "cancelled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export type WaitKind = "approval" | "timer" | "event" | "child";

/** Why a run or a step failed. `code` is stable, `message` says what happened and what can be done. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly step?: string | undefined;
}

/** What one step waits for. `dueInMs` after the commit it is answered with `dueValue`, unless somebody answers earlier. */
export interface Wait {
  readonly id: string;
  readonly kind: WaitKind;
  readonly step: string;
  readonly dueInMs?: number | undefined;
  readonly dueValue?: unknown;
  readonly approval?: ApprovalRequest;
  /** The key of the event that answers it. */
  readonly key?: string;
  readonly children?: ChildRuns;
}

/** Runs that a run starts and waits for. */
interface ChildRuns {
  /** Whether the first that fails ends the others, or all of them come to an end. */
  readonly policy: "fail" | "collect";
  /** How many may be under way at a time. */
  readonly parallel: number;
  readonly runs: readonly ChildRun[];
}

interface ChildRun {
  readonly id: string;
  readonly agentType: string;
  readonly workflowId: string | null;
  readonly versionId: string | null;
  readonly version: number | null;
  readonly input?: Readonly<Record<string, unknown>>;
  /** The step of this definition whose body the run executes, for one item. */
  readonly fragment?: string;
  readonly item?: MapItem;
  /** How long it may take, waiting included: what is left of the run that starts it bounds it as well. */
  readonly timeoutMs?: number | undefined;
}

/** One item of a map, and its place in the list from 0. */
export interface MapItem {
  readonly item: unknown;
  readonly index: number;
}

/** What an approval is about. */
type ApprovalSubject = "step" | "tool" | "side_effect" | "budget";

interface ApprovalRequest {
  readonly subject?: ApprovalSubject;
  readonly subjectId?: string;
  /** Whether whoever started the run may decide. */
  readonly selfApproval?: boolean;
  readonly title: string;
  readonly description?: string;
  readonly shown?: unknown;
  readonly actions: readonly string[];
  readonly form?: unknown;
}

/** How one superstep ended. */
export type Outcome =
  | { readonly kind: "progressed" }
  | { readonly kind: "finished"; readonly output: unknown }
  | { readonly kind: "waiting"; readonly waits: readonly Wait[] }
  | { readonly kind: "retry"; readonly error: RunError; readonly afterMs: number; readonly waits: readonly Wait[] }
  | { readonly kind: "failed"; readonly error: RunError; readonly status: "failed" | "timed_out" | "cancelled" };

/** A version of a workflow that a run can be started from. */
export interface RunnableWorkflow {
  readonly workflowId: string;
  readonly versionId: string;
  readonly version: number;
  readonly kind: string;
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /** How long a run of it may take, waiting included. */
  readonly timeoutMs?: number | undefined;
}
