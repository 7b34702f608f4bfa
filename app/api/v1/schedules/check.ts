import { type Recurrence, recurrenceProblem } from "#/lib/cron.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";

/** The refusal of a recurrence that cannot be, with an example of one that can. */
export function refusedRecurrence(recurrence: Recurrence): Refusal | undefined {
  const problem = recurrenceProblem(recurrence);
  return problem && refuse("invalid-request", problem.message, { errors: [{ path: `/${problem.field}`, message: problem.message }] });
}

export const unknownWorkflow = refuse("invalid-request", "Name a workflow of this workspace.", {
  errors: [{ path: "/workflowId", message: "There is no such workflow in this workspace." }],
});
