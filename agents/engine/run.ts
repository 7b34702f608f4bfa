/** The words in which the engine speaks of a run. */
export type RunStatus = "queued" | "running" | "retrying" | "waiting" | "paused" | "succeeded" | "failed" | "timed_out" | "cancelled";

export type WaitKind = "approval" | "timer" | "event" | "child";

/** Why a run or a step failed. `code` is stable, `message` says what happened and what can be done. */
export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly step?: string;
}

/** What one step waits for. `dueInMs` after the commit it is answered with `dueValue`, unless somebody answers earlier. */
export interface Wait {
  readonly id: string;
  readonly kind: WaitKind;
  readonly step: string;
  readonly dueInMs?: number;
  readonly dueValue?: unknown;
  readonly approval?: ApprovalRequest;
}

interface ApprovalRequest {
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
