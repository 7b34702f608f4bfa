import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import type { Tenant } from "#/db/client.ts";
import { getWorkflow } from "#/db/workflows.ts";
import { notFound } from "#/lib/http/problem.ts";

/** A workflow as the API shows it: its draft as text, with what keeps it from being published. */
export async function showWorkflow(tenant: Tenant, id: string) {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return undefined;
  const { draft: _, ...shown } = workflow;
  const checked = checkDraft(workflow.draftText);
  return { ...shown, problems: checked.ok ? [] : checked.problems };
}

export const noSuchWorkflow = notFound("workflow");
