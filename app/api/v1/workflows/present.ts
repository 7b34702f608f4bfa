import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/schema.ts";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { checkReferences } from "#/app/api/v1/workflows/references.ts";
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
  if (!checked.ok) return { ...shown, problems: checked.problems, warnings: [] };
  const { problems, warnings } = await checkReferences(tenant, checked.definition);
  return { ...shown, problems, warnings: [...checked.warnings, ...warnings, ...(await warningsOf(tenant, id, checked.definition))] };
}

/** What does not keep a definition from being published and will fail when it runs. */
async function warningsOf(tenant: Tenant, workflowId: string, definition: Definition): Promise<readonly Problem[]> {
  return (await Promise.all([secretWarnings(tenant, definition), scheduleWarnings(tenant, workflowId, definition.input)])).flat();
}

/** Workflow steps name other workflows: a name stands for one of them. */
export const nameTaken = (name: string) =>
  refuse("name-taken", `Another workflow is called “${name}”. Choose another name.`, { errors: [{ path: "/name", message: `Another workflow is called “${name}”.` }] });

export const noSuchWorkflow = notFound("workflow");

/** Somebody else, or another tab, has saved since. Nothing is overwritten without being asked. */
export const draftChanged = refuse("draft-changed", "The draft has been changed since you read it. Read it again, or leave “revision” out to replace it.");
