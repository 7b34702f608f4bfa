import { checkInput } from "#/agents/definition/schema/input.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Tenant } from "#/db/client.ts";
import { listSchedules } from "#/db/schedules.ts";

const MOST_SCHEDULES = 100;

/** Schedules of a workflow whose input does not fit a version that takes `inputSchema`. */
export async function scheduleWarnings(
  tenant: Tenant,
  workflowId: string,
  inputSchema: Definition["input"],
): Promise<readonly Problem[]> {
  if (!inputSchema) return [];
  const { items } = await listSchedules(tenant, { limit: MOST_SCHEDULES, workflow: workflowId });
  return items.flatMap(({ enabled, cron, timezone, input }) => {
    const checked = enabled ? checkInput(inputSchema, input) : undefined;
    if (!checked || checked.ok) return [];
    const problems = checked.problems
      .map(({ path, message }) => `${path || "the input"} ${message}`)
      .join("; ");
    return [
      {
        path: "/input",
        message: `The schedule “${cron}” (${timezone}) could start no run of this version: ${problems}. Its runs would fail until its input fits.`,
      },
    ];
  });
}
