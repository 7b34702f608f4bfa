import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { Tenant } from "#/db/client.ts";
import { cycleWarnings } from "#/operations/workflows/cycle-warnings.ts";
import { fileWarnings } from "#/operations/workflows/file-warnings.ts";
import { checkReferences } from "#/operations/workflows/references.ts";
import { scheduleWarnings } from "#/operations/workflows/schedule-warnings.ts";
import { secretWarnings } from "#/operations/workflows/secret-warnings.ts";

/** A definition that is right in itself, with what its own check warns of. */
interface Sound {
  readonly definition: Definition;
  readonly warnings: readonly Problem[];
}

interface CheckedInWorkspace {
  /** What keeps the definition from being published. */
  readonly problems: readonly Problem[];
  /** What does not, and will fail when it runs: all that is known of it. */
  readonly warnings: readonly Problem[];
}

/**
 * Checks a definition against what the workspace has: workflows, skills, secrets, documents and schedules. Saving a draft, checking and publishing
 * tell what is found here, so that all of them tell the same. @param workflowId the workflow whose it is, where it is one's: its schedules count, and what starts it again
 */
export async function checkInWorkspace(
  tenant: Tenant,
  { definition, warnings }: Sound,
  workflowId: string | undefined,
): Promise<CheckedInWorkspace> {
  const [references, ...found] = await Promise.all([
    checkReferences(tenant, definition),
    secretWarnings(tenant, definition),
    fileWarnings(tenant, definition),
    workflowId === undefined ? [] : scheduleWarnings(tenant, workflowId, definition.input),
    workflowId === undefined ? [] : cycleWarnings(tenant, workflowId, definition),
  ]);
  return {
    problems: references.problems,
    warnings: [...warnings, ...references.warnings, ...found.flat()],
  };
}
