import type { Outcome, RunError, Wait } from "#/agents/engine/run.ts";
import type { WaitKind } from "#/agents/vocabulary/wait.ts";
import type { RunStatus } from "#/agents/vocabulary/run.ts";

/** The progress of this invocation after the superstep at hand. */
export interface Progress {
  readonly elapsedMs: number;
  readonly supersteps: number;
  /** Failed tries of the superstep at hand before this one. */
  readonly attempt: number;
  /** Supersteps of the run that are committed before this one, and how many it may have. */
  readonly step: number;
  readonly maxSteps: number;
}

/** The time and supersteps for which one invocation may continue before it hands the run over to the next message. */
export interface InvocationBudget {
  readonly budgetMs: number;
  readonly limit: number;
}

/** The budget of an invocation that has to hand over: something has come up that only the next one can take in. */
export const USED_UP: InvocationBudget = { budgetMs: 0, limit: 0 };

/** The next state of the run's row, and whether this invocation continues. */
export interface Settlement {
  readonly status: RunStatus;
  readonly waitingOn: WaitKind | null;
  readonly supersteps: 0 | 1;
  readonly attempt: number;
  readonly keepLease: boolean;
  /** The milliseconds from the commit until the run is due again; null: when the earliest of its waits is. */
  readonly dueInMs: number | null;
  readonly output: unknown;
  readonly error: RunError | null;
  readonly waits: readonly Wait[];
}

const MOVED_ON = {
  waitingOn: null,
  supersteps: 1,
  attempt: 0,
  keepLease: false,
  dueInMs: 0,
  output: null,
  error: null,
  waits: [],
} as const;

/** Decides what a superstep's outcome means. Pure: the same outcome always settles the same way. */
export function settle(outcome: Outcome, progress: Progress, budget: InvocationBudget): Settlement {
  switch (outcome.kind) {
    case "progressed": {
      if (progress.step + 1 >= progress.maxSteps)
        return settle(overLimit(progress.maxSteps), progress, budget);
      const goesOn = progress.elapsedMs < budget.budgetMs && progress.supersteps < budget.limit;
      return { ...MOVED_ON, status: "running", keepLease: goesOn, waits: outcome.waits ?? [] };
    }
    case "finished":
      return { ...MOVED_ON, status: "succeeded", output: outcome.output };
    case "waiting":
      return settleWaiting(outcome);
    case "retry":
      return {
        ...MOVED_ON,
        status: "retrying",
        supersteps: 0,
        attempt: progress.attempt + 1,
        dueInMs: outcome.afterMs,
        error: outcome.error,
        waits: outcome.waits,
      };
    case "failed":
      return { ...MOVED_ON, status: outcome.status, supersteps: 0, error: outcome.error };
  }
}

/** A loop that nothing ends must end somewhere. */
export const MAX_STEPS_DEFAULT = 10_000;

function overLimit(maxSteps: number): Outcome {
  const message = `The run has taken ${maxSteps} steps, which is its limit. Does a loop never end? Bound it with \`max\` on its branch, or raise \`limits.maxSteps\`.`;
  return { kind: "failed", status: "failed", error: { code: "max-steps", message } };
}

/** The earliest of all its waits makes it due; the commit knows those that were opened earlier. */
function settleWaiting({ waits, on, ran, error }: Extract<Outcome, { kind: "waiting" }>): Settlement {
  const settled = { ...MOVED_ON, supersteps: ran ? 1 : 0, dueInMs: null, waits } as const;
  const waitingOn = PRESSING.find((kind) => on.includes(kind));
  return waitingOn === undefined
    ? { ...settled, status: "retrying", error: error ?? null }
    : { ...settled, status: "waiting", waitingOn };
}

/** A person is told first: of several waits the one that needs them names the run's state. */
const PRESSING: readonly WaitKind[] = ["approval", "event", "child", "timer"];
