import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import { secretWarnings } from "#/app/api/v1/workflows/secret-warnings.ts";
import type { Tenant } from "#/db/client.ts";
import { getWorkflow } from "#/db/workflows.ts";
import { notFound } from "#/lib/http/problem.ts";

/** A workflow as the API shows it: its draft as text, with what keeps it from being published. */
export async function showWorkflow(tenant: Tenant, id: string) {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return undefined;
  const { draft: _, ...shown } = workflow;
  const checked = checkDraft(workflow.draftText);
  return checked.ok ? { ...shown, problems: [], warnings: await secretWarnings(tenant, checked.definition) } : { ...shown, problems: checked.problems, warnings: [] };
}

export const noSuchWorkflow = notFound("workflow");
