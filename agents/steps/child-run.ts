import * as v from "valibot";
import type { ChildRun } from "#/agents/engine/run.ts";
import { type ChildResult, ChildResults } from "#/agents/steps/child-results.ts";
import { describeRunFailure } from "#/agents/steps/failure-path.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";

/** A run may start runs that start runs; a workflow that starts itself without end is stopped here. */
export const DEEPEST_RUNS = 8;

interface EndedChild {
  readonly output: unknown;
  readonly runId: string | undefined;
}

/** Starts a run and waits for its output. @throws Parking while it runs; StepError when it did not succeed */
export function runChild(task: Task, run: Omit<ChildRun, "id">, name: string): EndedChild {
  if (task.run.depth >= DEEPEST_RUNS)
    throw new StepError(
      "too-deep",
      `Runs may start runs ${DEEPEST_RUNS} deep at most, so “${name}” was not started. A workflow that starts itself, or another that starts it again, needs a condition that ends it.`,
    );
  const answer: unknown = task.wait({
    kind: "child",
    step: task.step,
    children: { policy: "collect", parallel: 1, runs: [{ id: task.ports.newId(), ...run }] },
  });
  const [child] = v.parse(ChildResults, answer);
  return { output: requireOutput(child, name), runId: child?.runId };
}

function requireOutput(child: ChildResult | undefined, name: string): unknown {
  if (child?.status === "succeeded") return child.output;
  throw new StepError("child-failed", describeRunFailure(name, child?.status ?? "lost", child?.error));
}
