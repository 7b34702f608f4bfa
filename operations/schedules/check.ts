import { checkInput } from "#/agents/definition/schema/input.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Schedule, ScheduleTarget } from "#/db/schedules.ts";
import { type Recurrence, recurrenceProblem } from "#/lib/cron.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";

/** The refusal of a recurrence that cannot be, with an example of one that can. */
export function refusedRecurrence(recurrence: Recurrence): Refusal | undefined {
  const problem = recurrenceProblem(recurrence);
  return (
    problem &&
    refuse("invalid-request", problem.message, {
      errors: [{ path: `/${problem.field}`, message: problem.message }],
    })
  );
}

export const unknownWorkflow = refuse("invalid-request", "Name a workflow of this workspace.", {
  errors: [{ path: "/workflowId", message: "There is no such workflow in this workspace." }],
});

/** The refusal of a schedule that could not start a single run. @param target undefined when it shall start none now */
export function refusedTarget(target: ScheduleTarget | undefined, input: unknown): Refusal | undefined {
  if (!target) return undefined;
  if (!target.isPublished)
    return refuse(
      "not-published",
      "Publish a version of this workflow first: a schedule starts the published version.",
    );
  const errors = inputProblems(target, input);
  return errors.length > 0
    ? refuse("invalid-input", "The input does not fit what the workflow takes; see “errors”.", { errors })
    : undefined;
}

function inputProblems({ inputSchema }: ScheduleTarget, input: unknown): readonly Problem[] {
  const checked = checkInput(inputSchema ?? undefined, input);
  return checked.ok ? [] : checked.problems.map(({ path, message }) => ({ path: `/input${path}`, message }));
}

export type ShownSchedule = Omit<Schedule, "target"> & { readonly problems: readonly Problem[] };

/** Shows a schedule as callers see it, with the problems that keep it from starting runs. */
export function showSchedule({ target, ...schedule }: Schedule): ShownSchedule {
  const unpublished = { path: "/workflowId", message: "The workflow has no published version." };
  return {
    ...schedule,
    problems: target.isPublished ? inputProblems(target, schedule.input) : [unpublished],
  };
}
