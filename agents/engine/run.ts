import type { UnsuccessfulStatus } from "#/agents/vocabulary/run.ts";
import type { ApprovalSubject } from "#/agents/vocabulary/approval.ts";
import type { ChildPolicy, HoldKind, WaitKind } from "#/agents/vocabulary/wait.ts";

/** Why a run or a step failed. `code` is stable, `message` says what happened and what can be done. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly step?: string | undefined;
}

/** One wait of a step. `dueInMs` after the commit it is answered with `dueValue`, unless somebody answers earlier. */
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
  /** The part of its task that asks, where several parts of one task may: each gets its own answers. */
  readonly asker?: string;
}

/** Runs that a run starts and waits for. */
interface ChildRuns {
  /** Decides whether the first that fails ends the others, or all of them come to an end. */
  readonly policy: ChildPolicy;
  /** The most that may be under way at a time. */
  readonly parallel: number;
  readonly runs: readonly ChildRun[];
  /** The state of the run that parts of its definition see. */
  readonly seen?: Readonly<Record<string, unknown>>;
}

export interface ChildRun {
  readonly id: string;
  readonly agentType: string;
  readonly workflowId: string | null;
  readonly versionId: string | null;
  readonly version: number | null;
  readonly input?: Readonly<Record<string, unknown>>;
  /** The step of this definition whose body the run executes, for one item. */
  readonly fragment?: string;
  readonly item?: MapItem;
  /** The milliseconds it may take, waiting included: what is left of the run that starts it bounds it as well. */
  readonly timeoutMs?: number | undefined;
}

/** One item of a map, and its place in the list from 0. */
export interface MapItem {
  readonly item: unknown;
  readonly index: number;
}

interface ApprovalRequest {
  readonly subject?: ApprovalSubject;
  readonly subjectId?: string;
  /** False where whoever started the run may not decide. */
  readonly selfApproval?: boolean;
  readonly title: string;
  readonly description?: string;
  readonly shown?: unknown;
  readonly actions: readonly string[];
  readonly form?: unknown;
  /** The milliseconds after which nobody may answer any more, where that is not for the run to notice that asks. Else the wait's. */
  readonly dueInMs?: number | undefined;
}

/** Nothing can be done before a wait is over. */
interface Waiting {
  readonly kind: "waiting";
  /** Opened by the superstep. */
  readonly waits: readonly Wait[];
  /** Everything that the run waits for, also since earlier. */
  readonly on: readonly HoldKind[];
  /** True where a superstep came before: a run may be looked at and find nothing to do. */
  readonly ran: boolean;
  /** Why the last of its tasks is tried again. */
  readonly error?: RunError | undefined;
}

/** The end of one superstep. */
export type Outcome =
  /** `waits`: opened by the superstep; others continue beside them. */
  | { readonly kind: "progressed"; readonly waits?: readonly Wait[] }
  | { readonly kind: "finished"; readonly output: unknown }
  | Waiting
  | {
      readonly kind: "retry";
      readonly error: RunError;
      readonly afterMs: number;
      readonly waits: readonly Wait[];
    }
  | {
      readonly kind: "failed";
      readonly error: RunError;
      readonly status: UnsuccessfulStatus;
    };

/** A version of a workflow that a run can be started from. */
export interface RunnableWorkflow {
  readonly workflowId: string;
  readonly versionId: string;
  readonly version: number;
  readonly kind: string;
  readonly inputSchema?: Readonly<Record<string, unknown>>;
  /** The milliseconds a run of it may take, waiting included. */
  readonly timeoutMs?: number | undefined;
}
