import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/schema.ts";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { scheduleWarnings } from "#/app/api/v1/workflows/schedule-warnings.ts";
import { secretWarnings } from "#/app/api/v1/workflows/secret-warnings.ts";
import type { Tenant } from "#/db/client.ts";
import { getWorkflow } from "#/db/workflows.ts";
import { notFound, refuse } from "#/lib/http/problem.ts";

/** A workflow as the API shows it: its draft as text, with what keeps it from being published. */
export async function showWorkflow(tenant: Tenant, id: string) {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return undefined;
  const { draft: _, ...shown } = workflow;
  const checked = checkDraft(workflow.draftText);
  return checked.ok ? { ...shown, problems: [], warnings: [...checked.warnings, ...(await warningsOf(tenant, id, checked.definition))] } : { ...shown, problems: checked.problems, warnings: [] };
}

/** What does not keep a definition from being published and will fail when it runs. */
async function warningsOf(tenant: Tenant, workflowId: string, definition: Definition): Promise<readonly Problem[]> {
  return (await Promise.all([secretWarnings(tenant, definition), scheduleWarnings(tenant, workflowId, definition.input)])).flat();
}

export const noSuchWorkflow = notFound("workflow");

/** Somebody else, or another tab, has saved since. Nothing is overwritten without being asked. */
export const draftChanged = refuse("draft-changed", "The draft has been changed since you read it. Read it again, or leave “revision” out to replace it.");
