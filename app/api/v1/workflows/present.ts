import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/schema.ts";
import { missingSecrets } from "#/agents/definition/secret-names.ts";
import { checkDraft } from "#/app/api/v1/workflows/draft.ts";
import type { Tenant } from "#/db/client.ts";
import { listSecrets } from "#/db/secrets.ts";
import { getWorkflow } from "#/db/workflows.ts";
import { notFound } from "#/lib/http/problem.ts";

/** A workflow as the API shows it: its draft as text, with what keeps it from being published. */
export async function showWorkflow(tenant: Tenant, id: string) {
  const workflow = await getWorkflow(tenant, id);
  if (!workflow) return undefined;
  const { draft: _, ...shown } = workflow;
  const checked = checkDraft(workflow.draftText);
  return checked.ok ? { ...shown, problems: [], warnings: await warningsOf(tenant, checked.definition) } : { ...shown, problems: checked.problems, warnings: [] };
}

/** Secrets that are not set yet. Most workflows name none, and nothing is looked up for them. */
async function warningsOf(tenant: Tenant, definition: Definition): Promise<readonly Problem[]> {
  if (missingSecrets(definition, new Set()).length === 0) return [];
  const known = await listSecrets(tenant);
  return missingSecrets(definition, new Set(known.map(({ name }) => name)));
}

export const noSuchWorkflow = notFound("workflow");
